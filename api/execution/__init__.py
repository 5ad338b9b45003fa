"""The way of one request: document → selection → plan → walk → projection → bytes."""
