using System.Net;

using Microsoft.AspNetCore.Http.Features;

using MiniKube.Api.Errors;
using MiniKube.ApiServer.Filters;

namespace MiniKube.ApiServer.Endpoints.Streaming;

/// <summary>
/// Joins a client with a backend that both want to speak something else than HTTP: bytes go through unread, in a constant amount of memory. What is spoken, SPDY or a
/// WebSocket, is the backend's affair: the kubelet knows all of them.
/// </summary>
internal sealed class UpgradeProxy(ServerLifetime lifetime)
{
    private const int BufferSize = 64 * 1024;

    /// <summary>Until one of both ends it, or the server drains. A backend that refuses has its answer passed on.</summary>
    public async Task JoinAsync(ApiRequest request, Uri address, BackendClient backend)
    {
        var context = request.Http;
        if (context.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true } upgrade)
        {
            throw StatusException.BadRequest("Upgrade request required");
        }

        BackendAnswer.LiftLimits(context);
        using var answer = await AskAsync(context, address, backend, request.Cancellation);
        if (answer.StatusCode != HttpStatusCode.SwitchingProtocols)
        {
            if (BackendAnswer.IsRedirect(answer))
            {
                throw BackendClient.Redirected();
            }

            // Not a connection that others may use: what follows a refused upgrade on it is not HTTP (CVE-2018-1002105).
            context.Response.Headers.Connection = "close";
            await BackendAnswer.PassOnAsync(answer, context, request.Cancellation);
            return;
        }

        BackendAnswer.CopyHead(answer, context.Response);
        context.Response.Headers.Upgrade = answer.Headers.Upgrade.ToString();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(request.Cancellation, lifetime.Draining);
        await using var server = await answer.Content.ReadAsStreamAsync(stop.Token);
        await using var client = await upgrade.UpgradeAsync();
        await JoinAsync(client, server, stop);
    }

    private static async Task<HttpResponseMessage> AskAsync(HttpContext context, Uri address, BackendClient backend, CancellationToken cancellationToken)
    {
        using var message = BackendRequest.CreateUpgrade(context, address);
        try
        {
            return await backend.UpgradeAsync(message, cancellationToken);
        }
        catch (HttpRequestException error)
        {
            throw BackendClient.Failure(StatusCodes.Status500InternalServerError, $"error dialing backend: {BackendClient.Describe(address, error)}");
        }
    }

    // As upstream: when one side has ended, whatever it said has been passed on, and there is nobody left for the other to talk to.
    private static async Task JoinAsync(Stream client, Stream server, CancellationTokenSource stop)
    {
        var directions = (Task[])[PumpAsync(client, server, stop.Token), PumpAsync(server, client, stop.Token)];
        await Task.WhenAny(directions);
        await stop.CancelAsync();
        await Task.WhenAll(directions);
    }

    private static async Task PumpAsync(Stream from, Stream to, CancellationToken cancellationToken)
    {
        try
        {
            await from.CopyToAsync(to, BufferSize, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // One side broke off; the other is closed for it.
        }
    }
}
