"""The shape of the API's answers, without the values: what maintainers need to reproduce a fault of a tenant."""
