import Testing

/// The test vectors of RFC 8032 section 7.4, Ed448: key, message and signature in hexadecimal.
enum EdwardsVectors {
    struct Vector: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let key: String
        let message: String
        let signature: String
    }

    static let all = [
        Vector(
            testDescription: "0 octets",
            key: """
                5fd7449b59b461fd2ce787ec616ad46a1da1342485a70e1f8a0ea75d80e96778edf124769b46c7061b\
                d6783df1e50f6cd1fa1abeafe8256180
                """,
            message: "",
            signature: """
                533a37f6bbe457251f023c0d88f976ae2dfb504a843e34d2074fd823d41a591f2b233f034f628281f2\
                fd7a22ddd47d7828c59bd0a21bfd3980ff0d2028d4b18a9df63e006c5d1c2d345b925d8dc00b410485\
                2db99ac5c7cdda8530a113a0f4dbb61149f05a7363268c71d95808ff2e652600
                """
        ),
        Vector(
            testDescription: "1 octets",
            key: """
                43ba28f430cdff456ae531545f7ecd0ac834a55d9358c0372bfa0c6c6798c0866aea01eb00742802b8\
                438ea4cb82169c235160627b4c3a9480
                """,
            message: "03",
            signature: """
                26b8f91727bd62897af15e41eb43c377efb9c610d48f2335cb0bd0087810f4352541b143c4b981b7e1\
                8f62de8ccdf633fc1bf037ab7cd779805e0dbcc0aae1cbcee1afb2e027df36bc04dcecbf154336c19f\
                0af7e0a6472905e799f1953d2a0ff3348ab21aa4adafd1d234441cf807c03a00
                """
        ),
        Vector(
            testDescription: "11 octets",
            key: """
                dcea9e78f35a1bf3499a831b10b86c90aac01cd84b67a0109b55a36e9328b1e365fce161d71ce7131a\
                543ea4cb5f7e9f1d8b00696447001400
                """,
            message: "0c3e544074ec63b0265e0c",
            signature: """
                1f0a8888ce25e8d458a21130879b840a9089d999aaba039eaf3e3afa090a09d389dba82c4ff2ae8ac5\
                cdfb7c55e94d5d961a29fe0109941e00b8dbdeea6d3b051068df7254c0cdc129cbe62db2dc957dbb47\
                b51fd3f213fb8698f064774250a5028961c9bf8ffd973fe5d5c206492b140e00
                """
        ),
        Vector(
            testDescription: "12 octets",
            key: """
                3ba16da0c6f2cc1f30187740756f5e798d6bc5fc015d7c63cc9510ee3fd44adc24d8e968b6e46e6f94\
                d19b945361726bd75e149ef09817f580
                """,
            message: "64a65f3cdedcdd66811e2915",
            signature: """
                7eeeab7c4e50fb799b418ee5e3197ff6bf15d43a14c34389b59dd1a7b1b85b4ae90438aca634bea45e\
                3a2695f1270f07fdcdf7c62b8efeaf00b45c2c96ba457eb1a8bf075a3db28e5c24f6b923ed4ad747c3\
                c9e03c7079efb87cb110d3a99861e72003cbae6d6b8b827e4e6c143064ff3c00
                """
        ),
        Vector(
            testDescription: "13 octets",
            key: """
                b3da079b0aa493a5772029f0467baebee5a8112d9d3a22532361da294f7bb3815c5dc59e176b4d9f38\
                1ca0938e13c6c07b174be65dfa578e80
                """,
            message: "64a65f3cdedcdd66811e2915e7",
            signature: """
                6a12066f55331b6c22acd5d5bfc5d71228fbda80ae8dec26bdd306743c5027cb4890810c162c027468\
                675ecf645a83176c0d7323a2ccde2d80efe5a1268e8aca1d6fbc194d3f77c44986eb4ab4177919ad8b\
                ec33eb47bbb5fc6e28196fd1caf56b4e7e0ba5519234d047155ac727a1053100
                """
        ),
        Vector(
            testDescription: "64 octets",
            key: """
                df9705f58edbab802c7f8363cfe5560ab1c6132c20a9f1dd163483a26f8ac53a39d6808bf4a1dfbd26\
                1b099bb03b3fb50906cb28bd8a081f00
                """,
            message: """
                bd0f6a3747cd561bdddf4640a332461a4a30a12a434cd0bf40d766d9c6d458e5512204a30c17d1f50b\
                5079631f64eb3112182da3005835461113718d1a5ef944
                """,
            signature: """
                554bc2480860b49eab8532d2a533b7d578ef473eeb58c98bb2d0e1ce488a98b18dfde9b9b90775e67f\
                47d4a1c3482058efc9f40d2ca033a0801b63d45b3b722ef552bad3b4ccb667da350192b61c508cf7b6\
                b5adadc2c8d9a446ef003fb05cba5f30e88e36ec2703b349ca229c2670833900
                """
        ),
    ]

    /// Made with the context `foo`, which JWS does not have (RFC 8037 section 3.1).
    static let withContext = Vector(
        testDescription: "1 octet with context",
        key: """
            43ba28f430cdff456ae531545f7ecd0ac834a55d9358c0372bfa0c6c6798c0866aea01eb00742802b8438e\
            a4cb82169c235160627b4c3a9480
            """,
        message: "03",
        signature: """
            d4f8f6131770dd46f40867d6fd5d5055de43541f8c5e35abbcd001b32a89f7d2151f7647f11d8ca2ae279f\
            b842d607217fce6e042f6815ea000c85741de5c8da1144a6a1aba7f96de42505d7a7298524fda538fccbbb\
            754f578c1cad10d54d0d5428407e85dcbc98a49155c13764e66c3c00
            """
    )
}
