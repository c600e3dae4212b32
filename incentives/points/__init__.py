"""党员贡献度积分: arithmetic, reads, tables, guards and news."""
