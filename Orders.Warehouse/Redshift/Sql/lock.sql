-- One load at a time. First in its transaction, so that what is read afterwards is what the load before has committed.
LOCK TABLE {ledger};
