namespace MiniKube.ApiServer.Endpoints.Health;

/// <summary>One named condition of /healthz, /livez or /readyz.</summary>
/// <param name="Name">Such as <c>etcd</c> or <c>informer-sync</c>.</param>
/// <param name="CheckAsync">Null when all is well, else why not.</param>
/// <param name="OnlyReadiness">Whether it says nothing about being alive.</param>
internal sealed record HealthCheck(string Name, Func<CancellationToken, ValueTask<string?>> CheckAsync, bool OnlyReadiness = false);
