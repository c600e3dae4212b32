"""对标: figures, pictures, reports and workbooks."""
