"""The service on more than one machine: real servers, started by the tests (docs/scaling.md)."""
