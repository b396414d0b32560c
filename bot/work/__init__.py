"""Whose work is done when: turns, pools of threads, and processes of their own."""
