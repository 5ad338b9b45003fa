"""Answers about networks of actors that are more than one level deep."""
