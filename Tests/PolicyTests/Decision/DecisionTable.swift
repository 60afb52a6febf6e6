/// A policy with sets, groups, addresses, claims and tenants of their own mind, and what becomes of
/// requests under it.
///
/// The outcomes follow from docs/policy-reference.md alone.
enum DecisionTable {
    static let rules = """
        roles admin issuer auditor suspended
        group operators = admin issuer
        group readers = auditor admin
        routes /v1/offers {
            allow group operators
            deny role suspended
            deny from 192.0.2.0/24
            route offersList {
                match GET .
                allow group readers
            }
            route offersCreate {
                match POST .
            }
            route offersShow {
                match GET /{id:uuid}
                match PATCH /{id:uuid}
                allow role issuer and scope offers:read
                allow role admin
            }
            route offersDelete {
                match DELETE /{id:uuid}
                allow role admin and from 10.0.0.0/8 2001:db8::/32
                deny client old older
            }
        }
        routes {
            response no-store
            route latest {
                match GET /v1/offers/latest
                public
                deny from 192.0.2.0/24
            }
            route claims {
                match GET /claims
                allow claim department equals issuance
                allow claim groups contains desk
                allow claim level one-of 2 3
                allow claim realm_access roles contains offer-desk and client console
                deny claim state equals locked
            }
            route wallet {
                match POST /wallet
                credentials pass
                deny from 198.51.100.7
            }
            route anyToken {
                match * /any/{rest...}
                allow any
                deny client banned worse
            }
        }
        routes /n {
            route number {
                match GET /{x:int}
                allow role auditor
            }
            route word {
                match GET /{x}/words/{w:slug}
                allow scope words
            }
            route elsewhere {
                match GET /{rest...}
                match DELETE /{rest...}
                allow role admin
            }
        }
        """

    static let tenants = [("plain", ""), ("acme", acme), ("globex", globex)]

    private static let acme = """
        route offersDelete {
            allow role issuer
        }
        route latest {
            deny any
        }
        route claims {
            allow group operators
        }
        """

    private static let globex = """
        route offersCreate {
            allow scope offers:write
            deny role issuer
        }
        route wallet {
            deny from 10.0.0.0/8
        }
        route anyToken {
            allow role admin
            deny any
        }
        """

    /// `METHOD PATH CALLER expect OUTCOME`, as in a `test` line.
    static let decisions = """
        GET /v1/offers expect credentials-missing
        GET /v1/offers role admin expect allow
        GET /v1/offers role issuer expect role-missing
        GET /v1/offers role auditor expect allow
        GET /v1/offers role admin suspended expect denied
        GET /v1/offers client somebody expect role-missing
        POST /v1/offers expect credentials-missing
        POST /v1/offers role admin expect allow
        POST /v1/offers role issuer expect allow
        POST /v1/offers role auditor expect role-missing
        POST /v1/offers role admin suspended expect denied
        POST /v1/offers client somebody expect role-missing
        GET /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 expect credentials-missing
        GET /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 role admin expect allow
        GET /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 role issuer expect role-missing
        GET /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 role auditor expect role-missing
        GET /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 role admin suspended expect denied
        GET /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 client somebody expect role-missing
        DELETE /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 expect credentials-missing
        DELETE /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 role admin expect role-missing
        DELETE /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 role issuer expect role-missing
        DELETE /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 role auditor expect role-missing
        DELETE /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 role admin suspended expect denied
        DELETE /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 client somebody expect role-missing
        PATCH /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 role issuer expect role-missing
        PATCH /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 role issuer scope offers:read expect allow
        PATCH /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 scope offers:read expect role-missing
        PATCH /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 role issuer scope offers:write expect role-missing
        PATCH /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 role issuer suspended scope offers:read expect denied
        DELETE /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 role admin address 10.1.2.3 expect allow
        DELETE /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 role admin address 11.0.0.1 expect role-missing
        DELETE /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 role admin address 192.0.2.9 expect denied
        DELETE /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 role admin address 2001:db8::7 expect allow
        DELETE /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 role admin address 2001:db9::7 expect role-missing
        DELETE /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 role admin client old address 10.0.0.1 expect denied
        DELETE /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 role admin client older address 10.0.0.1 expect denied
        DELETE /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 role admin client new address 10.0.0.1 expect allow
        POST /v1/offers role admin address 10.1.2.3 expect allow
        POST /v1/offers role admin address 11.0.0.1 expect allow
        POST /v1/offers role admin address 192.0.2.9 expect denied
        POST /v1/offers role admin address 2001:db8::7 expect allow
        POST /v1/offers role admin address 2001:db9::7 expect allow
        DELETE /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 role issuer suspended expect denied
        DELETE /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 tenant plain role issuer expect role-missing
        DELETE /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 tenant plain role admin address 10.1.2.3 expect allow
        DELETE /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 tenant plain role issuer suspended expect denied
        DELETE /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 tenant acme role issuer expect allow
        DELETE /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 tenant acme role admin address 10.1.2.3 expect role-missing
        DELETE /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 tenant acme role issuer suspended expect allow
        DELETE /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 tenant globex role issuer expect role-missing
        DELETE /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 tenant globex role admin address 10.1.2.3 expect allow
        DELETE /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 tenant globex role issuer suspended expect denied
        POST /v1/offers scope offers:write expect role-missing
        POST /v1/offers role issuer scope offers:write expect allow
        POST /v1/offers role suspended scope offers:write expect denied
        POST /v1/offers tenant plain role issuer expect allow
        POST /v1/offers tenant plain role admin expect allow
        POST /v1/offers tenant plain scope offers:write expect role-missing
        POST /v1/offers tenant plain role issuer scope offers:write expect allow
        POST /v1/offers tenant plain role suspended scope offers:write expect denied
        POST /v1/offers tenant acme role issuer expect allow
        POST /v1/offers tenant acme role admin expect allow
        POST /v1/offers tenant acme scope offers:write expect role-missing
        POST /v1/offers tenant acme role issuer scope offers:write expect allow
        POST /v1/offers tenant acme role suspended scope offers:write expect denied
        POST /v1/offers tenant globex role issuer expect denied
        POST /v1/offers tenant globex role admin expect denied
        POST /v1/offers tenant globex scope offers:write expect allow
        POST /v1/offers tenant globex role issuer scope offers:write expect denied
        POST /v1/offers tenant globex role suspended scope offers:write expect allow
        GET /v1/offers/latest expect allow
        GET /v1/offers/latest address 192.0.2.1 expect denied
        GET /v1/offers/latest role admin expect allow
        GET /v1/offers/latest address 198.51.100.1 expect allow
        GET /v1/offers/latest tenant plain expect allow
        GET /v1/offers/latest tenant plain address 192.0.2.1 expect denied
        GET /v1/offers/latest tenant plain role admin expect allow
        GET /v1/offers/latest tenant plain address 198.51.100.1 expect allow
        GET /v1/offers/latest tenant acme expect denied
        GET /v1/offers/latest tenant acme address 192.0.2.1 expect denied
        GET /v1/offers/latest tenant acme role admin expect denied
        GET /v1/offers/latest tenant acme address 198.51.100.1 expect denied
        GET /v1/offers/latest tenant globex expect allow
        GET /v1/offers/latest tenant globex address 192.0.2.1 expect denied
        GET /v1/offers/latest tenant globex role admin expect allow
        GET /v1/offers/latest tenant globex address 198.51.100.1 expect allow
        POST /wallet expect allow
        POST /wallet address 198.51.100.7 expect denied
        POST /wallet address 198.51.100.8 expect allow
        POST /wallet address 10.9.9.9 expect allow
        POST /wallet role admin address 10.9.9.9 expect allow
        POST /wallet tenant plain expect allow
        POST /wallet tenant plain address 198.51.100.7 expect denied
        POST /wallet tenant plain address 198.51.100.8 expect allow
        POST /wallet tenant plain address 10.9.9.9 expect allow
        POST /wallet tenant plain role admin address 10.9.9.9 expect allow
        POST /wallet tenant acme expect allow
        POST /wallet tenant acme address 198.51.100.7 expect denied
        POST /wallet tenant acme address 198.51.100.8 expect allow
        POST /wallet tenant acme address 10.9.9.9 expect allow
        POST /wallet tenant acme role admin address 10.9.9.9 expect allow
        POST /wallet tenant globex expect allow
        POST /wallet tenant globex address 198.51.100.7 expect allow
        POST /wallet tenant globex address 198.51.100.8 expect allow
        POST /wallet tenant globex address 10.9.9.9 expect denied
        POST /wallet tenant globex role admin address 10.9.9.9 expect denied
        GET /claims claim department equals issuance expect allow
        GET /claims claim department equals Issuance expect denied
        GET /claims claim department equals "issuance desk" expect denied
        GET /claims claim groups contains desk expect allow
        GET /claims claim groups contains desks expect denied
        GET /claims claim groups equals "front desk" expect allow
        GET /claims claim groups equals front-desk expect denied
        GET /claims claim level equals 2 expect allow
        GET /claims claim level equals 3 expect allow
        GET /claims claim level equals 23 expect denied
        GET /claims claim level equals "2 3" expect denied
        GET /claims claim realm_access roles contains offer-desk expect denied
        GET /claims client console claim realm_access roles contains offer-desk expect allow
        GET /claims client console claim realm_access contains offer-desk expect denied
        GET /claims client console claim roles contains offer-desk expect denied
        GET /claims client console expect denied
        GET /claims claim department equals issuance claim state equals locked expect denied
        GET /claims claim department equals issuance claim state equals open expect allow
        GET /claims role admin expect denied
        GET /claims tenant acme claim department equals issuance expect role-missing
        GET /claims tenant acme claim department equals Issuance expect role-missing
        GET /claims tenant acme claim department equals "issuance desk" expect role-missing
        GET /claims tenant acme claim groups contains desk expect role-missing
        GET /claims tenant acme claim groups contains desks expect role-missing
        GET /claims tenant acme claim groups equals "front desk" expect role-missing
        GET /claims tenant acme claim groups equals front-desk expect role-missing
        GET /claims tenant acme claim level equals 2 expect role-missing
        GET /claims tenant acme claim level equals 3 expect role-missing
        GET /claims tenant acme claim level equals 23 expect role-missing
        GET /claims tenant acme claim level equals "2 3" expect role-missing
        GET /claims tenant acme claim realm_access roles contains offer-desk expect role-missing
        GET /claims tenant acme client console claim realm_access roles contains offer-desk expect role-missing
        GET /claims tenant acme client console claim realm_access contains offer-desk expect role-missing
        GET /claims tenant acme client console claim roles contains offer-desk expect role-missing
        GET /claims tenant acme client console expect role-missing
        GET /claims tenant acme claim department equals issuance claim state equals locked expect role-missing
        GET /claims tenant acme claim department equals issuance claim state equals open expect role-missing
        GET /claims tenant acme role admin expect allow
        GET /any/thing client somebody expect allow
        GET /any/thing client banned expect denied
        GET /any/thing client worse expect denied
        POST /any/thing client somebody expect allow
        POST /any/thing client banned expect denied
        POST /any/thing client worse expect denied
        PUT /any/thing client somebody expect allow
        PUT /any/thing client banned expect denied
        PUT /any/thing client worse expect denied
        DELETE /any/thing client somebody expect allow
        DELETE /any/thing client banned expect denied
        DELETE /any/thing client worse expect denied
        OPTIONS /any/thing client somebody expect allow
        OPTIONS /any/thing client banned expect denied
        OPTIONS /any/thing client worse expect denied
        GET /any client somebody expect allow
        GET /any client banned expect denied
        GET /any client worse expect denied
        GET /any role admin expect allow
        GET /any scope x expect allow
        GET /any expect credentials-missing
        PATCH /any/a/b/c client somebody expect allow
        PATCH /any/a/b/c client banned expect denied
        PATCH /any/a/b/c client worse expect denied
        PATCH /any/a/b/c role admin expect allow
        PATCH /any/a/b/c scope x expect allow
        PATCH /any/a/b/c expect credentials-missing
        GET /any/ client somebody expect allow
        GET /any/ client banned expect denied
        GET /any/ tenant plain client somebody expect allow
        GET /any/ tenant plain client banned expect denied
        GET /any/ tenant acme client somebody expect allow
        GET /any/ tenant acme client banned expect denied
        GET /any/ tenant globex client somebody expect denied
        GET /any/ tenant globex client banned expect denied
        GET /n/7 role auditor expect allow
        GET /n/7 role admin expect role-missing
        GET /n/7 scope words expect role-missing
        GET /n/7 expect credentials-missing
        GET /n/-7 role auditor expect allow
        GET /n/-7 role admin expect role-missing
        GET /n/-7 scope words expect role-missing
        GET /n/-7 expect credentials-missing
        GET /n/seven role auditor expect invalid-request
        GET /n/seven role admin expect role-missing
        GET /n/seven scope words expect role-missing
        GET /n/seven expect credentials-missing
        GET /n/7/words/seven role auditor expect denied
        GET /n/7/words/seven role admin expect denied
        GET /n/7/words/seven scope words expect allow
        GET /n/7/words/seven expect credentials-missing
        GET /n/7/words/Seven role auditor expect denied
        GET /n/7/words/Seven role admin expect denied
        GET /n/7/words/Seven scope words expect invalid-request
        GET /n/7/words/Seven expect credentials-missing
        GET /n/x/words/- role auditor expect denied
        GET /n/x/words/- role admin expect denied
        GET /n/x/words/- scope words expect invalid-request
        GET /n/x/words/- expect credentials-missing
        GET /n/7/words/ role auditor expect role-missing
        GET /n/7/words/ role admin expect allow
        GET /n/7/words/ scope words expect role-missing
        GET /n/7/words/ expect credentials-missing
        GET /n/7/words role auditor expect role-missing
        GET /n/7/words role admin expect allow
        GET /n/7/words scope words expect role-missing
        GET /n/7/words expect credentials-missing
        GET /n/ role auditor expect role-missing
        GET /n/ role admin expect allow
        GET /n/ scope words expect role-missing
        GET /n/ expect credentials-missing
        GET /n role auditor expect role-missing
        GET /n role admin expect allow
        GET /n scope words expect role-missing
        GET /n expect credentials-missing
        GET /n/7/8 role auditor expect role-missing
        GET /n/7/8 role admin expect allow
        GET /n/7/8 scope words expect role-missing
        GET /n/7/8 expect credentials-missing
        POST /n/7 role admin expect method-not-allowed
        POST /n/7/words/seven role admin expect method-not-allowed
        POST /n/7/8 role admin expect method-not-allowed
        POST /v1/offers/latest role admin expect method-not-allowed
        POST /claims role admin expect method-not-allowed
        PUT /n/7 role admin expect method-not-allowed
        PUT /n/7/words/seven role admin expect method-not-allowed
        PUT /n/7/8 role admin expect method-not-allowed
        PUT /v1/offers role admin expect method-not-allowed
        PUT /v1/offers/latest role admin expect method-not-allowed
        PUT /claims role admin expect method-not-allowed
        DELETE /n/7 role admin expect method-not-allowed
        DELETE /n/7/words/seven role admin expect method-not-allowed
        DELETE /n/7/8 role admin expect allow
        DELETE /v1/offers role admin expect method-not-allowed
        DELETE /v1/offers/latest role admin expect method-not-allowed
        DELETE /claims role admin expect method-not-allowed
        HEAD /v1/offers role admin expect allow
        HEAD /any/thing role admin expect allow
        TRACE /v1/offers role admin expect method-not-allowed
        TRACE /any/thing role admin expect method-not-allowed
        CONNECT /v1/offers role admin expect method-not-allowed
        CONNECT /any/thing role admin expect method-not-allowed
        OPTIONS /v1/offers role admin expect method-not-allowed
        OPTIONS /any/thing role admin expect allow
        OTHER /v1/offers role admin expect method-not-allowed
        OTHER /any/thing role admin expect allow
        GET / role admin expect route-not-found
        GET /v1 role admin expect route-not-found
        GET /v1/offer role admin expect route-not-found
        GET /V1/offers role admin expect route-not-found
        GET /v1/offers/ role admin expect route-not-found
        GET /v1/offers/a/b role admin expect route-not-found
        GET /claims/ role admin expect route-not-found
        GET /wallet/x role admin expect route-not-found
        GET /anything role admin expect route-not-found
        GET /v1//offers role admin expect path-not-canonical
        GET /v1/./offers role admin expect path-not-canonical
        GET /v1/%6Fffers role admin expect path-not-canonical
        GET /v1/offers;a role admin expect path-not-canonical
        GET /v1/offers/17 role admin expect invalid-request
        GET /v1/offers/17 role auditor expect role-missing
        GET /v1/offers/17 expect credentials-missing
        GET /v1/offers/8241400F-DE3B-42C5-AD7C-8A380039E796 role admin expect allow
        GET /v1/offers/8241400F-DE3B-42C5-AD7C-8A380039E796 role auditor expect role-missing
        GET /v1/offers/8241400F-DE3B-42C5-AD7C-8A380039E796 expect credentials-missing
        GET /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e7960 role admin expect invalid-request
        GET /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e7960 role auditor expect role-missing
        GET /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e7960 expect credentials-missing
        GET /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e79 role admin expect invalid-request
        GET /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e79 role auditor expect role-missing
        GET /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e79 expect credentials-missing
        GET /v1/offers tenant acme expect credentials-missing
        GET /v1/offers tenant acme role admin expect allow
        GET /v1/offers tenant acme role issuer expect role-missing
        GET /v1/offers tenant acme role auditor expect allow
        GET /v1/offers tenant acme role admin suspended expect denied
        GET /v1/offers tenant acme client somebody expect role-missing
        GET /v1/offers tenant globex expect credentials-missing
        GET /v1/offers tenant globex role admin expect allow
        GET /v1/offers tenant globex role issuer expect role-missing
        GET /v1/offers tenant globex role auditor expect allow
        GET /v1/offers tenant globex role admin suspended expect denied
        GET /v1/offers tenant globex client somebody expect role-missing
        GET /any/thing tenant plain client somebody expect allow
        GET /any/thing tenant plain client banned expect denied
        GET /any/thing tenant plain client worse expect denied
        GET /any/thing tenant plain role admin expect allow
        GET /any/thing tenant plain scope x expect allow
        GET /any/thing tenant plain expect credentials-missing
        GET /any/thing tenant globex client somebody expect denied
        GET /any/thing tenant globex client banned expect denied
        GET /any/thing tenant globex client worse expect denied
        GET /any/thing tenant globex role admin expect denied
        GET /any/thing tenant globex scope x expect denied
        GET /any/thing tenant globex expect credentials-missing
        GET /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 tenant acme expect credentials-missing
        GET /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 tenant acme role admin expect allow
        GET /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 tenant acme role issuer expect role-missing
        GET /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 tenant acme role auditor expect role-missing
        GET /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 tenant acme role admin suspended expect denied
        GET /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 tenant acme client somebody expect role-missing
        GET /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 tenant globex expect credentials-missing
        GET /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 tenant globex role admin expect allow
        GET /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 tenant globex role issuer expect role-missing
        GET /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 tenant globex role auditor expect role-missing
        GET /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 tenant globex role admin suspended expect denied
        GET /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 tenant globex client somebody expect role-missing
        DELETE /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 tenant acme expect credentials-missing
        DELETE /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 tenant acme role admin expect role-missing
        DELETE /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 tenant acme role auditor expect role-missing
        DELETE /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 tenant acme role admin suspended expect role-missing
        DELETE /v1/offers/8241400f-de3b-42c5-ad7c-8a380039e796 tenant acme client somebody expect role-missing
        """
}
