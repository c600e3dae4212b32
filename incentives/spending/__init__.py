"""Expenses, special awards and the purses they are paid from: reads, sheets, guards and news."""
