using MiniKube.Api.Errors;
using MiniKube.ApiServer.Metrics;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Filters;

/// <summary>Bounds how many requests are worked on at once, reading and writing apart; more are told to come back. Watches and streams do not count.</summary>
internal sealed class MaxInFlightFilter(int maxReading, int maxMutating, RequestMetrics metrics, ResourceCatalog catalog) : IFilter
{
    // As upstream: those who run the cluster are answered also when it is overrun.
    private const string AlwaysServed = "system:masters";

    private int _reading;
    private int _mutating;

    public int Reading => Volatile.Read(ref _reading);

    public int Mutating => Volatile.Read(ref _mutating);

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var info = ApiRequest.Of(context).Info;
        if (info.IsLongRunning)
        {
            return next(context);
        }

        return info.Verb is "get" or "list"
            ? RunAsync(ref _reading, maxReading, () => Interlocked.Decrement(ref _reading), context, next)
            : RunAsync(ref _mutating, maxMutating, () => Interlocked.Decrement(ref _mutating), context, next);
    }

    private Task RunAsync(ref int count, int limit, Action release, HttpContext context, RequestDelegate next)
    {
        if (Interlocked.Increment(ref count) > limit && !ApiRequest.Of(context).User.Groups.Contains(AlwaysServed))
        {
            release();
            if (catalog.Find(ApiRequest.Of(context).Info.GroupVersionResource) is { } resource)
            {
                metrics.Drop(ApiRequest.Of(context), resource);
            }

            throw StatusException.TooManyRequests("Too many requests, please try again later.", 1);
        }

        return FinishAsync(release, context, next);
    }

    private static async Task FinishAsync(Action release, HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        finally
        {
            release();
        }
    }
}
