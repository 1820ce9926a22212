// Swagger UI over this server's own description; it asks nobody else to check it.
"use strict";

SwaggerUIBundle({ url: "openapi.json", dom_id: "#swagger-ui", validatorUrl: null });
