"""What a survey asks: the format `consult: survey/1`, its texts by their places, its values, how long it takes.

Pure: no database, no page. Start reading: schema.py. A new type of question begins here and in answers/decoders/.
"""
