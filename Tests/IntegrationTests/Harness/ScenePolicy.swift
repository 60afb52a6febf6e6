/// The policy of the scenes: the issuer's own routes and a few that tests need.
enum ScenePolicy {
    static let standard = """
        roles admin issuer managed-issuer auditor

        route offerCreate {
            match POST /v1/openid/offers/pre-authorized
            allow role admin issuer managed-issuer
            event OPENID_PRE_AUTHORIZED_OFFER_CREATE
            response no-store
        }
        route offerDelete {
            match DELETE /v1/openid/offers/pre-authorized/{id:uuid}
            allow role admin issuer managed-issuer
            event OPENID_PRE_AUTHORIZED_OFFER_DELETE
        }
        route authorize {
            match GET /v1/oauth/authorize
            public
            event OPENID_AUTHORIZE
            errors oauth
        }
        route credential {
            match POST /v1/openid/credential
            credentials pass
            event OPENID_CREDENTIAL
        }
        route metadata {
            match GET /.well-known/openid-credential-issuer
            public
        }
        route analytics {
            match GET /v1/events
            match GET /v1/events/summary
            allow role admin auditor
            serve events
        }
        route open {
            match * /open/{rest...}
            public
            event TEST_OPEN
        }
        route guarded {
            match GET /guarded/{rest...}
            match POST /guarded/{rest...}
            allow role admin issuer
            event TEST_GUARDED
        }
        route guardedOAuth {
            match GET /oauth/guarded
            allow role admin
            event TEST_OAUTH
            errors oauth
        }
        route openOAuth {
            match GET /oauth/open/{rest...}
            public
            event TEST_OAUTH_OPEN
            errors oauth
        }
        route scoped {
            match GET /scoped
            allow scope reports
            event TEST_SCOPED
        }
        route department {
            match GET /department
            allow claim department name equals finance
            event TEST_DEPARTMENT
        }
        route anybody {
            match GET /anybody
            allow any
            event TEST_ANYBODY
        }
        route nobodyAuditing {
            match GET /unaudited
            allow any
            deny role auditor
            event TEST_UNAUDITED
        }
        route numbered {
            match GET /numbered/{id:int}
            public
        }
        route named {
            match GET /named/{name:slug}
            public
        }
        route fixed {
            match GET /shelf/fixed
            public
        }
        route parameter {
            match GET /shelf/{book}
            match PUT /shelf/{book}
            public
        }
        route rest {
            match * /shelf/{rest...}
            public
        }

        test "an issuer makes an offer" POST /v1/openid/offers/pre-authorized role issuer expect allow
        test "an auditor does not" POST /v1/openid/offers/pre-authorized role auditor expect 403

        """

    static let offers = "/v1/openid/offers/pre-authorized"
    static let offer = offers + "/8241400f-de3b-42c5-ad7c-8a380039e796"
}
