"""What an organisation does with an EPCIS 2.0 repository: captures events, asks named queries, subscribes to them."""
