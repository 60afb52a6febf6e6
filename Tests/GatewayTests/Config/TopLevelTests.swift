import Testing

@Suite("Top level")
struct TopLevelTests {
    /// What is replaced in the small configuration, by what, and what is then wrong.
    static let cases: [(old: String, new: String, faults: [String])] = [
        (
            "policies", "worker 4\npolicies",
            ["4:1 unknown word `worker` in the configuration (workers?)"]
        ),
        (
            "policies", "workers 0\npolicies",
            ["4:9 `0` is not between 1 and 256"]
        ),
        (
            "policies", "workers atuo\npolicies",
            ["4:9 `atuo` is neither `auto` nor a whole number (auto?)"]
        ),
        (
            "policies", "workers 257\npolicies",
            ["4:9 `257` is not between 1 and 256"]
        ),
        (
            "policies", "workers many\npolicies",
            ["4:9 `many` is not a whole number"]
        ),
        (
            "policies", "workers 1\nworkers 2\npolicies",
            ["5:1 `workers` is given twice; the first is on line 4"]
        ),
        (
            "policies", "drain 2h\npolicies",
            ["4:7 `2h` is not between 0s and 1h"]
        ),
        (
            "policies", "certificate a b\npolicies",
            ["4:1 `certificate` belongs in a `listen` block, not in the configuration"]
        ),
        (
            "policies", "route x {\n}\npolicies",
            ["4:1 `route` belongs in a policy file, not in the configuration"]
        ),
        (
            "policies p.policy", "policies gone",
            ["4:10 cannot read `gone`: No such file or directory"]
        ),
        (
            "policies p.policy", "policies empty",
            ["4:10 the folder `empty` holds no file `*.policy`"]
        ),
        (
            "policies p.policy", "policies p.policy\npolicies p.policy",
            ["5:10 `p.policy` is given twice; the first is on line 4"]
        ),
        (
            "policies p.policy\n", "",
            ["1:1 the configuration needs a line `policies PATH`"]
        ),
        (
            "policies p.policy", "policies p.policy\ninclude gone.conf",
            ["5:9 cannot read `gone.conf`: No such file or directory"]
        ),
        (
            "policies p.policy",
            "policies p.policy\nlimits {\nheader-timeout 1ms\nbody-timeout 2h\nidle-timeout 2d\nrequest-header 2MB\nrequest-fields 0\nrequest-body 2TB\ntoken-size 100B\nconnections 0\nconnections-per-address 2000000\nconnection 3\n}",
            [
                "6:16 `1ms` is not between 10ms and 1h", "7:14 `2h` is not between 10ms and 1h",
                "8:14 `2d` is not between 10ms and 1d", "9:16 `2MB` is not between 1KB and 64KB",
                "10:16 `0` is not between 1 and 1000", "11:14 `2TB` is not between 0B and 1TB",
                "12:12 `100B` is not between 256B and 64KB",
                "13:13 `0` is not between 1 and 1000000",
                "14:25 `2000000` is not between 1 and 1000000",
                "15:1 unknown word `connection` in a `limits` block (connections?)",
            ]
        ),
        (
            "policies p.policy",
            "policies p.policy\nanalytics {\njournal\nlevel 4\non-failure fail\ndurability disk\n}",
            [
                "6:1 `journal` wants `journal PATH`", "7:7 `4` is not `1`, `2` or `3`",
                "8:12 `fail` is not `closed` or `open`", "9:12 `disk` is not `process` or `power`",
            ]
        ),
        (
            "policies p.policy",
            "policies p.policy\nanalytics {\njournal j {\nkeep 0s\nlimit 1KB\n}\nkeep 3d\n}",
            [
                "7:6 `0s` is not between 1s and 3650d", "8:7 `1KB` is not between 1MB and 1024TB",
                "10:1 `keep` belongs in a `journal` block, not in an `analytics` block",
            ]
        ),
    ]

    @Test("a fault outside of the larger blocks is named at its place", arguments: cases)
    func faults(_ old: String, _ new: String, _ faults: [String]) throws {
        #expect(try faultsOfSmallConfiguration(old, new) == faults)
    }
}
