using System.Net.WebSockets;

using k8s.Models;

using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

using MiniKube.Api.Errors;
using MiniKube.ApiServer.Endpoints.Negotiation;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Endpoints.Watching;

/// <summary>
/// Streams changes until the client goes, the timeout passes, or the server stops. Starts from a given version without a gap, or with the objects there are
/// (synthetic ADDED events) when none is given or sendInitialEvents asks for it.
/// </summary>
internal sealed class WatchEndpoint(CacheReads reads, WatchWriters writers, ServerLifetime lifetime, TimeProvider clock, Random random) : IEndpoint
{
    /// <summary>Upstream's --min-request-timeout: a watch without timeoutSeconds lasts 30 to 60 minutes, so that not all come back at once.</summary>
    private static readonly TimeSpan MinimumTimeout = TimeSpan.FromMinutes(30);

    public async Task HandleAsync(ApiRequest request, ServedResource resource)
    {
        var accept = AcceptHeader.ChooseWatch(request.Http.Request.Headers.Accept, resource.Kind);
        var query = ReadQuery.Parse(request, resource, isWatch: true);
        WatchStart? start = null;
        StatusException? refusal = null;
        try
        {
            start = await StartAsync(query, resource, request.Cancellation);
        }
        catch (StatusException error) when (error.Code == StatusCodes.Status410Gone)
        {
            // Upstream tells it in the stream, where every client's watch looks for it.
            refusal = error;
        }

        try
        {
            await ConnectAsync(request, resource, query, accept, (start, refusal?.Status));
        }
        finally
        {
            if (start is not null)
            {
                // Once it is out of the set nobody else touches it.
                resource.Cacher.Remove(start.Watcher);
                start.Watcher.Dispose();
            }
        }
    }

    private async Task ConnectAsync(
        ApiRequest request, ServedResource resource, ReadQuery query, MediaType accept, (WatchStart? Start, V1Status? Refusal) begin)
    {
        Answer.AddWarnings(request);
        if (!WebSocketUpgrade.IsAsked(request.Http.Request))
        {
            var writer = writers.Create(request, resource, accept, new BodyWatchOutput(request.Http.Response.BodyWriter));
            PrepareBody(request, writer);
            await RunAsync(request, query, begin, writer, CancellationToken.None);
            return;
        }

        await using var socket = new WatchSocket(await WebSocketUpgrade.AcceptAsync(request.Http), clock);
        var type = accept.Name == MediaType.Protobuf ? WebSocketMessageType.Binary : WebSocketMessageType.Text;
        await RunAsync(request, query, begin, writers.Create(request, resource, accept, socket.Output(type)), socket.Closed);
    }

    private async Task RunAsync(
        ApiRequest request, ReadQuery query, (WatchStart? Start, V1Status? Refusal) begin, WatchWriter writer, CancellationToken closed)
    {
        if (begin.Start is not { } start)
        {
            writer.WriteError(begin.Refusal ?? throw new InvalidOperationException("A watch neither begins nor is refused."));
            await writer.FlushAsync(request.Cancellation);
            return;
        }

        using var timeout = new CancellationTokenSource(query.Timeout ?? MinimumTimeout * (1 + NextRandom()), clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource([timeout.Token, request.Cancellation, start.Watcher.Ended, lifetime.Draining, closed]);
        using var goodbye = ConnectionEnd.AnnounceWhen(request.Http, lifetime.Stopping);
        try
        {
            await StreamAsync(query, start, writer, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // However a watch ends, the client resumes from what it has seen.
            if (start.Watcher.Ended.IsCancellationRequested)
            {
                request.Http.Abort();
            }
        }
    }

    private async ValueTask<WatchStart> StartAsync(ReadQuery query, ServedResource resource, CancellationToken cancellationToken)
    {
        if (query.ResourceVersion is > 0 and var version && query.SendInitialEvents != true)
        {
            // The client may have the version from a write, or from another server: what led up to it must not be told again.
            await reads.WaitForAsync(version, cancellationToken);
            return new WatchStart(resource.Cacher.WatchFrom(version, query.Filter, query.AllowWatchBookmarks), null, version);
        }

        switch (query.ResourceVersion)
        {
            case null:
                await reads.WaitForNewestAsync(cancellationToken);
                break;
            case > 0 and var least:
                await reads.WaitForAsync(least, cancellationToken);
                break;
            default:
                await reads.WaitForAnyAsync(cancellationToken);
                break;
        }

        resource.Cacher.Snapshot.CheckReadable(query.Filter, resource.Name, resource.Cacher.Prefix);
        return resource.Cacher.WatchFromNow(query.Filter, query.AllowWatchBookmarks);
    }

    private static async Task StreamAsync(ReadQuery query, WatchStart start, WatchWriter writer, CancellationToken cancellationToken)
    {
        var watcher = start.Watcher;
        if (start.State is { } state && query.SendInitialEvents != false)
        {
            await SendStateAsync(query, state, writer, cancellationToken);
            if (query is { SendInitialEvents: true, AllowWatchBookmarks: true })
            {
                writer.WriteInitialEventsEnd(start.Revision);
            }
        }

        do
        {
            // Everything that is there goes out in one piece; the flush waits for the client.
            while (watcher.TryRead(out var next))
            {
                writer.Write(next);
                if (writer.IsLarge)
                {
                    await writer.FlushAsync(cancellationToken);
                }
            }

            await writer.FlushAsync(cancellationToken);
        }
        while (await watcher.WaitAsync(cancellationToken));
    }

    private static async Task SendStateAsync(ReadQuery query, CacheSnapshot state, WatchWriter writer, CancellationToken cancellationToken)
    {
        var objects = new List<CachedObject>();
        state.Visit(query.Filter, "", obj =>
        {
            objects.Add(obj);
            return true;
        });
        foreach (var obj in objects)
        {
            writer.Write(new WatcherEvent(CacheEventType.Added, obj, obj.Revision));
            if (writer.IsLarge)
            {
                await writer.FlushAsync(cancellationToken);
            }
        }
    }

    private static void PrepareBody(ApiRequest request, WatchWriter writer)
    {
        // A watch may be silent for long: a client that reads slowly is the watcher's affair.
        if (request.Http.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        request.Http.Response.ContentType = writer.ContentType;
    }

    private double NextRandom()
    {
        lock (random)
        {
            return random.NextDouble();
        }
    }
}
