/// The built-in policy as the demonstration writes it into its folder.
///
/// It is `policies/openid4vci.policy`, byte for byte: a test compares the two.
enum DemoPolicy {
    static let text = #"""
        # Who may call an OpenID4VCI issuer, and what is written down of it.
        #
        # Management calls need a token of the tenant's identity provider and one of the roles below.
        # Wallet calls are public, or carry a credential that the issuer gave and judges itself.
        # The language: docs/policy.md. The `test` lines at the end run at every load.

        roles admin issuer managed-issuer verifier dts-provider dts-consumer auditor

        # --- Management: credential offers -------------------------------------------------------------

        # The answer carries the pre-authorized code and the transaction code. A credential is named by its
        # profile's id or described by an object; what else the body says is the issuer's to judge.
        route preAuthorizedOfferCreate {
            match POST /v1/openid/offers/pre-authorized
            allow role admin issuer managed-issuer
            event OPENID_PRE_AUTHORIZED_OFFER_CREATE
            capture body credentials claimsToPersist expiresIn transactionCodeConfiguration userId
            capture body sensitive claims
            capture response id as offerId expiresAt sessionId userId
            response no-store
            body json
            field credentials array of any 1..100 required
        }

        route preAuthorizedOfferDelete {
            match DELETE /v1/openid/offers/pre-authorized/{id:uuid}
            allow role admin issuer managed-issuer
            event OPENID_PRE_AUTHORIZED_OFFER_DELETE
        }

        route offerCreate {
            match POST /v1/openid/offers
            allow role admin issuer managed-issuer
            event OPENID_OFFER_CREATE
            capture body credentials
            response no-store
            body json
            field credentials array of any 1..100 required
        }

        # --- Management: what happened -----------------------------------------------------------------

        # Answered from the gateway's own journal, only with the events of the tenant whose host is asked.
        route eventsQuery {
            match GET /v1/events
            match GET /v1/events/summary
            match GET /v1/analytics/events
            allow role admin auditor
            serve events
            response no-store
        }

        # --- Wallets and browsers: getting a token -----------------------------------------------------

        # Once the tenants name their clients and redirect URIs (`client` blocks in the configuration), a line
        # `check authorize` here and in the next route has each request looked at before the issuer sees it.
        route authorize {
            match GET /v1/oauth/authorize
            public
            event OPENID_AUTHORIZE
            capture query client_id redirect_uri scope response_type state
            capture query code_challenge code_challenge_method
            errors oauth
        }

        # RFC 9126. The issuer authenticates the client, by its form or by `Authorization` (RFC 6749 section
        # 2.3.1), which goes on.
        route pushedAuthorization {
            match POST /v1/oauth/par
            credentials pass
            event OPENID_PUSHED_AUTHORIZATION
            capture body client_id redirect_uri scope response_type state
            capture body code_challenge code_challenge_method
            errors oauth
            response no-store
            rate 10/s burst 300 by address
            body form 256KB
        }

        # RFC 6749 section 5.1 wants no-store; clients are authenticated as above. After three wrong
        # transaction codes a pre-authorized code is worth nothing (OpenID4VCI 1.0 section 13.6.3).
        route token {
            match POST /v1/oauth/token
            credentials pass
            event OPENID_TOKEN
            capture body client_id grant_type redirect_uri
            capture response expires_in scope token_type
            errors oauth
            response no-store
            rate 10/s burst 300 by address
            guard attempts 3 by form pre-authorized_code
            body form 256KB
            field grant_type string 1.. required
        }

        # --- Wallets: getting a credential -------------------------------------------------------------

        # A credential offer by reference: the id is unguessable, and what it leads to is as good as a code.
        route offerRead {
            match GET /v1/openid/offers/{id}
            public
            event OPENID_OFFER_READ
            errors oauth
            response no-store
            rate 50/s burst 500 by address
        }

        # OpenID4VCI 1.0 section 7: unprotected, never cached.
        route nonce {
            match POST /v1/openid/nonce
            public
            errors oauth
            response no-store
            rate 50/s burst 500 by address
        }

        # The wallet's own token, Bearer or DPoP, made by the issuer: it goes on untouched.
        route credential {
            match POST /v1/openid/credential
            credentials pass
            event OPENID_CREDENTIAL
            errors oauth
            response no-store
        }

        route deferredCredential {
            match POST /v1/openid/deferred-credential
            credentials pass
            event OPENID_DEFERRED_CREDENTIAL
            errors oauth
            response no-store
        }

        route notification {
            match POST /v1/openid/notification
            credentials pass
            event OPENID_NOTIFICATION
            errors oauth
        }

        # --- Metadata ----------------------------------------------------------------------------------

        route issuerMetadata {
            match GET /.well-known/openid-credential-issuer
            public
            errors oauth
        }

        route authorizationServerMetadata {
            match GET /.well-known/oauth-authorization-server
            public
            errors oauth
        }

        # --- Tests -------------------------------------------------------------------------------------

        test "an issuer creates an offer"              POST /v1/openid/offers/pre-authorized role issuer expect allow
        test "a managed issuer creates an offer"       POST /v1/openid/offers/pre-authorized role managed-issuer expect allow
        test "an admin creates an offer"               POST /v1/openid/offers/pre-authorized role admin expect allow
        test "a verifier creates no offer"             POST /v1/openid/offers/pre-authorized role verifier expect role-missing
        test "an auditor creates no offer"             POST /v1/openid/offers/pre-authorized role auditor expect 403
        test "a trust provider creates no offer"       POST /v1/openid/offers/pre-authorized role dts-provider dts-consumer expect 403
        test "no role, no offer"                       POST /v1/openid/offers/pre-authorized client somebody expect 403
        test "a scope is no role"                      POST /v1/openid/offers/pre-authorized scope issuer expect 403
        test "no token, no offer"                      POST /v1/openid/offers/pre-authorized expect credentials-missing
        test "offers are not listed"                   GET /v1/openid/offers/pre-authorized role admin expect 405
        test "a slash more is another path"            POST /v1/openid/offers/pre-authorized/ role admin expect 404

        test "an offer names its credentials"          POST /v1/openid/offers/pre-authorized role issuer body "{\"credentials\":[\"a\"],\"claims\":{}}" expect allow
        test "or describes them"                       POST /v1/openid/offers/pre-authorized role issuer body "{\"credentials\":[{\"profileId\":\"a\"}]}" expect allow
        test "an offer of nothing is none"             POST /v1/openid/offers/pre-authorized role issuer body "{\"credentials\":[]}" expect invalid-request
        test "what is no JSON is no offer"             POST /v1/openid/offers/pre-authorized role issuer body "credentials=a" expect invalid-request
        test "an issuer deletes an offer"              DELETE /v1/openid/offers/pre-authorized/8241400f-de3b-42c5-ad7c-8a380039e796 role issuer expect allow
        test "an auditor deletes no offer"             DELETE /v1/openid/offers/pre-authorized/8241400f-de3b-42c5-ad7c-8a380039e796 role auditor expect 403
        test "nobody deletes an offer unseen"          DELETE /v1/openid/offers/pre-authorized/8241400f-de3b-42c5-ad7c-8a380039e796 expect 401
        test "an offer's id is a uuid"                 DELETE /v1/openid/offers/pre-authorized/1 role issuer expect invalid-request
        test "who may not is not told what is wrong"   DELETE /v1/openid/offers/pre-authorized/1 role auditor expect 403
        test "an offer is not read with a role"        GET /v1/openid/offers/pre-authorized/8241400f-de3b-42c5-ad7c-8a380039e796 role admin expect 405

        test "an issuer offers by authorization"       POST /v1/openid/offers role issuer expect allow
        test "an auditor does not"                     POST /v1/openid/offers role auditor expect 403
        test "nor does nobody"                         POST /v1/openid/offers expect 401
        test "a wallet reads an offer"                 GET /v1/openid/offers/6d1f2c9e expect allow
        test "a wallet deletes no offer"               DELETE /v1/openid/offers/6d1f2c9e expect 405

        test "an auditor reads the events"             GET /v1/events role auditor expect allow
        test "an admin reads the events"               GET /v1/analytics/events role admin expect allow
        test "an issuer does not"                      GET /v1/events role issuer expect 403
        test "nobody reads the events unseen"          GET /v1/events expect 401
        test "nobody writes events"                    POST /v1/events role admin expect 405
        test "nobody deletes events"                   DELETE /v1/analytics/events role admin expect 405

        test "a browser authorizes"                    GET "/v1/oauth/authorize?response_type=code&client_id=wallet&redirect_uri=https%3A%2F%2Fwallet.example%2Fcallback&scope=badge&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256" expect allow
        test "authorization is not posted"             POST /v1/oauth/authorize expect 405
        test "a wallet pushes its request"             POST /v1/oauth/par expect allow
        test "a wallet gets its token"                 POST /v1/oauth/token expect allow
        test "it says which grant it has"              POST /v1/oauth/token body "grant_type=authorization_code&code=x" expect allow
        test "it must say so"                          POST /v1/oauth/token body "code=x" expect invalid-request
        test "and once only"                           POST /v1/oauth/token body "grant_type=a&grant_type=b" expect invalid-request
        test "nothing is said twice"                   POST /v1/oauth/token body "grant_type=a&tx_code=1&tx_code=2" expect invalid-request
        test "nor in a pushed request"                 POST /v1/oauth/par body "client_id=a&client_id=b" expect invalid-request
        test "a code is said in the form only"         POST "/v1/oauth/token?tx_code=1&tx_code=2" body "grant_type=a" expect invalid-request
        test "a token is never in a query"             GET /v1/oauth/token expect 405
        test "a wallet gets a nonce"                   POST /v1/openid/nonce expect allow
        test "a wallet brings its own token"           POST /v1/openid/credential expect allow
        test "it may wait for its credential"          POST /v1/openid/deferred-credential expect allow
        test "it says what became of it"               POST /v1/openid/notification expect allow
        test "a credential is not fetched"             GET /v1/openid/credential expect 405

        test "issuer metadata is for everybody"        GET /.well-known/openid-credential-issuer expect allow
        test "so is that of the server"                HEAD /.well-known/oauth-authorization-server expect allow
        test "metadata is not written"                 PUT /.well-known/openid-credential-issuer role admin expect 405

        test "what no route names is not there"        GET /v1/credentials role admin expect 404
        test "the root is not there"                   GET / role admin expect 404
        test "names are case-sensitive"                GET /V1/events role admin expect 404
        test "a path has one spelling"                 GET /v1/openid/../events role admin expect path-not-canonical
        test "encoded letters are another spelling"    GET /v1/%65vents role admin expect 400

        """#
}
