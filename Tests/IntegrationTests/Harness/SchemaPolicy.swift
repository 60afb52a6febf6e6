/// A policy whose routes say what their queries and bodies must be.
enum SchemaPolicy {
    static let text = """
        roles admin issuer

        route offers {
            match POST /v1/{kind:slug}/offers/{id:uuid}
            match PUT /v1/{kind:slug}/offers/{id:uuid}
            public
            event TEST_OFFERS
            query mode optional one-of fast slow
            body json
            field credentials array of string 1..10 required
            field expiresIn object {
                field minutes int 1..60 required
            }
        }
        route anyJSON {
            match POST /json/{rest...}
            public
            event TEST_JSON
            body json
        }
        route small {
            match POST /small
            public
            body json 1KB
        }
        route custom {
            match POST /custom
            public
            body json application/vnd.offer+json application/json
        }
        route token {
            match POST /token
            public
            event TEST_TOKEN
            errors oauth
            body form 8KB
            field grant_type string one-of authorization_code refresh_token required
            field code string 1..100
        }
        route bare {
            match DELETE /bare/{id}
            match POST /bare/{id}
            public
            body none
        }
        route search {
            match GET /search
            public
            query limit required int 1..100
            query page optional int
            query code optional uuid
        }
        route authorize {
            match GET /authorize
            public
            errors oauth
            query client_id required
        }
        route open {
            match * /open/{rest...}
            public
        }
        """

    static let offer = "/v1/wallet/offers/8241400f-de3b-42c5-ad7c-8a380039e796"

    static let settings = SceneSettings.with { settings in
        settings.policy = text
        settings.topLevel = ["workers 2", "drain 3s"]
    }
}
