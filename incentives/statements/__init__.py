"""Statements: accounts, a unit's money, payroll and the year's pay."""
