namespace MiniKube.ApiServer.Filters;

/// <summary>The filters of the pipeline; their order is its own affair.</summary>
internal sealed record PipelineFilters(
    MetricsFilter Metrics,
    AuditFilter? Audit,
    PanicRecoveryFilter PanicRecovery,
    RequestInfoFilter RequestInfo,
    ShutdownFilter Shutdown,
    GoAwayFilter GoAway,
    DeadlineFilter Deadline,
    AuthenticationFilter Authentication,
    ImpersonationFilter Impersonation,
    FlowControlFilter FlowControl,
    MaxInFlightFilter MaxInFlight,
    AuthorizationFilter Authorization);
