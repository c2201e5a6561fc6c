"""Logs to features: what orders, survey answers, tickets and events say of each customer, one module each."""
