"""The shape of the API's responses, without the values: what maintainers need to reproduce a fault of a tenant."""
