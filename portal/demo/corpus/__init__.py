"""Invented people, places and achievements. The same arguments always give the same answer."""
