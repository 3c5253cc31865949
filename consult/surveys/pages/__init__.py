"""Pages of a survey for residents as bytes: rendered once, completed for each request (calls.py is one request).

What a page leads to when it is posted stands in `consult.surveys.answering`.
"""
