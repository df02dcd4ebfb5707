namespace MiniKube.ApiServer.Filters;

/// <summary>
/// How far the server is in its life: ready, then asked to stop (/readyz turns red while load balancers look away), then draining (new requests are refused,
/// watches end, the others finish).
/// </summary>
internal sealed class ServerLifetime : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _draining = new();

    /// <summary>The server was asked to stop.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>No new requests are taken.</summary>
    public CancellationToken Draining => _draining.Token;

    public void BeginStop() => _stopping.Cancel();

    public void BeginDrain() => _draining.Cancel();

    public void Dispose()
    {
        _stopping.Dispose();
        _draining.Dispose();
    }
}
