"""What whoever runs the service sees of it: probes, logs, metrics. None tells of a person or a case."""
