"""Committed answers as columns of codes, in files beside the database: the form in which everything is counted.

Knows surveys and their versions; knows no page. Texts have no column. Start in frame.py, which is what others use:

    column, layout, variables   what a column is, which ones a survey has, and what they are called
    decoding                    from rows of the database to arrays
    segment, joining            one immutable file; several of them as one
    store, folder, jobs         which files there are, and where: brought up to date, made anew, never wrong
    reading, counting, frame    columns, tables and flags of all answers or of some
    answers                     the answers themselves, in blocks, for files that people take away
"""
