using k8s.Models;

using MiniKube.ApiServer.Authentication;
using MiniKube.ApiServer.Metrics;

namespace MiniKube.ApiServer.Filters;

/// <summary>What the filters learned about a request. One a request, found by <see cref="Of"/>.</summary>
internal sealed class ApiRequest(HttpContext http, RequestInfo info)
{
    public HttpContext Http { get; } = http;

    public RequestInfo Info { get; } = info;

    public UserInfo User { get; set; } = UserInfo.Anonymous;

    /// <summary>Who really asks, when it is on behalf of <see cref="User"/>.</summary>
    public UserInfo? Impersonator { get; set; }

    /// <summary>What the object is called that the request has made.</summary>
    public string? CreatedName { get; set; }

    /// <summary>What the client was told instead of an answer.</summary>
    public V1Status? Failure { get; set; }

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
