using MiniKube.ApiServer.Authentication;
using MiniKube.ApiServer.Metrics;

namespace MiniKube.ApiServer.Filters;

/// <summary>What the filters learned about a request. One a request, found by <see cref="Of"/>.</summary>
internal sealed class ApiRequest(HttpContext http, RequestInfo info)
{
    public HttpContext Http { get; } = http;

    public RequestInfo Info { get; } = info;

    public UserInfo User { get; set; } = UserInfo.Anonymous;

    /// <summary>Cancelled when the client is gone, the deadline has passed, or the server stops and does not wait any longer.</summary>
    public CancellationToken Cancellation { get; set; } = http.RequestAborted;

    /// <summary>What serves the request, once that is found; then it is counted.</summary>
    public RequestRoute? Route { get; set; }

    /// <summary>How many bytes the answer has, before compression.</summary>
    public long AnswerLength { get; set; }

    /// <summary>Sent as Warning headers, each once.</summary>
    public List<string> Warnings { get; } = [];

    public static ApiRequest Of(HttpContext context) =>
        context.Features.Get<ApiRequest>() ?? throw new InvalidOperationException("The request has not passed the RequestInfo filter.");
}
