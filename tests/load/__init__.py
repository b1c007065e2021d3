"""Many people at once, doing their real work on a server of the run's own (docs/adr/0057).

python -m tests.load [--people 500] [--minutes 10] [--think 20 40] [--write]
"""
