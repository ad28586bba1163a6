"""Everything between a machine and a running Mingzheng: the database, the processes, the commands that start them.

Nothing in this package needs Django to be configured in order to be imported.
"""
