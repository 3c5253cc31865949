"""What lies beside a consultation: its attachments, and its history in words that everybody may read.

Start reading at history.py and operations.py.
"""
