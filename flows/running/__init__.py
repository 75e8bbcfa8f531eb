"""What a run of a flow needs of Prefect: its time, its final state, its events, and its end when it is stopped."""
