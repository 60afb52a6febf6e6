/// What came of a reload.
enum ReloadResult: Hashable, Sendable {
    /// The new configuration runs; its warnings, such as a certificate that has expired.
    case done(warnings: [String])

    /// The new configuration runs, but for files of tenants that are wrong: these keep their old form,
    /// or are left out when they are new.
    case partial(refused: [RefusedTenantFile], warnings: [String])

    /// The old configuration goes on; everything that is wrong in the new one, as `check` shows it.
    case refused(diagnostics: [String])
}
