using System.Globalization;
using System.Net;

using DotNext.Net.Cluster.Consensus.Raft;

using Microsoft.AspNetCore.Http.Features;

namespace MiniKube.Cluster.Raft;

/// <summary>
/// The HTTP face of a member: PUT, GET and DELETE of <c>/KEY</c>, with the value as it is in the body. Any member takes any request; what only the leader can do is passed on to it.
/// </summary>
internal sealed class RaftApi(RaftMember member, TimeProvider clock) : IDisposable
{
    private const int MostBytes = 1024 * 1024;
    private const string PassedOn = "X-Raft-Passed-On";

    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    private readonly HttpClient _others = new(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(1) }) { Timeout = RequestLimit };

    public void Map(WebApplication app)
    {
        app.MapGet("/raft/status", (HttpContext context) => context.Response.WriteAsJsonAsync(member.State, RaftJson.Default.RaftMemberState, cancellationToken: context.RequestAborted));
        app.MapGet("/raft/index", (HttpContext context) => AnswerAsync(context, async cancellationToken =>
            await context.Response.WriteAsync((await member.ReadIndexAsync(cancellationToken)).ToString(CultureInfo.InvariantCulture), cancellationToken)));
        app.MapMethods("/{**key}", ["PUT", "GET", "DELETE"], (HttpContext context) => AnswerAsync(context, cancellationToken => ServeAsync(context, cancellationToken)));
    }

    public void Dispose() => _others.Dispose();

    private Task ServeAsync(HttpContext context, CancellationToken cancellationToken) =>
        KeyOf(context).Length == 0 ? RefuseAsync(context, StatusCodes.Status400BadRequest, "name a key: /KEY")
        : HttpMethods.IsGet(context.Request.Method) ? ReadAsync(context, cancellationToken)
        : WriteAsync(context, cancellationToken);

    private async Task ReadAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (await member.ReadAsync(KeyOf(context), await ReadIndexAsync(cancellationToken), cancellationToken) is { } value)
        {
            context.Response.ContentLength = value.Length;
            await context.Response.Body.WriteAsync(value, cancellationToken);
        }
        else
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, "there is no such key");
        }
    }

    /// <summary>
    /// Asks the leader, be it this member or another, until one knows. The library has a barrier for followers, too, which a leader that has just been elected answers too early:
    /// before it knows what its predecessor had committed.
    /// </summary>
    private async Task<long> ReadIndexAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                if (member.Leads)
                {
                    return await member.ReadIndexAsync(cancellationToken);
                }

                if (member.Leader is { } leader)
                {
                    return long.Parse(await _others.GetStringAsync(new Uri(leader, "/raft/index"), cancellationToken), CultureInfo.InvariantCulture);
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or LeaderOperationException)
            {
                // It has died, or leads no more: the next one is asked.
            }

            await Task.Delay(Poll, clock, cancellationToken);
        }
    }

    private async Task WriteAsync(HttpContext context, CancellationToken cancellationToken)
    {
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = MostBytes;
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, cancellationToken);
        while (!member.Leads)
        {
            if (context.Request.Headers.ContainsKey(PassedOn))
            {
                await RefuseAsync(context, StatusCodes.Status421MisdirectedRequest, "another member leads by now");
                return;
            }

            if (member.Leader is { } leader && await TryPassOnAsync(context, leader, body.ToArray(), cancellationToken))
            {
                return;
            }

            await Task.Delay(Poll, clock, cancellationToken);
        }

        await member.CommitAsync(new KeyChange(KeyOf(context), HttpMethods.IsPut(context.Request.Method) ? body.ToArray() : null), cancellationToken);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <summary>False if the request did not reach a leader: then it has done nothing, and may be tried again.</summary>
    private async Task<bool> TryPassOnAsync(HttpContext context, Uri leader, byte[] body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri(leader, context.Request.Path.ToUriComponent()))
        {
            Content = new ByteArrayContent(body),
        };
        request.Headers.Add(PassedOn, "true");
        try
        {
            using var answer = await _others.SendAsync(request, cancellationToken);
            if (answer.StatusCode is HttpStatusCode.MisdirectedRequest)
            {
                return false;
            }

            context.Response.StatusCode = (int)answer.StatusCode;
            if (answer.StatusCode is not HttpStatusCode.NoContent)
            {
                await answer.Content.CopyToAsync(context.Response.Body, cancellationToken);
            }

            return true;
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError is HttpRequestError.ConnectionError)
        {
            return false;
        }
    }

    /// <summary>No answer is a lie: what was not confirmed in time is said to be unknown.</summary>
    private async Task AnswerAsync(HttpContext context, Func<CancellationToken, Task> answer)
    {
        using var limit = new CancellationTokenSource(RequestLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, context.RequestAborted);
        try
        {
            await answer(either.Token);
        }
        catch (BadHttpRequestException exception)
        {
            await RefuseAsync(context, exception.StatusCode, exception.Message);
        }
        catch (Exception exception) when (exception is LeaderOperationException or HttpRequestException or OperationCanceledException)
        {
            if (!context.RequestAborted.IsCancellationRequested)
            {
                var fate = HttpMethods.IsGet(context.Request.Method) ? "" : "; whether the write happens is not known";
                await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, $"no leader that most members follow has answered in time{fate}");
            }
        }
    }

    private static Task RefuseAsync(HttpContext context, int status, string reason)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(reason + "\n", context.RequestAborted);
    }

    private static string KeyOf(HttpContext context) => context.Request.RouteValues["key"] as string ?? "";
}
