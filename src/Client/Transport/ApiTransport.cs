using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Client.ServiceAccounts;

namespace MiniKube.Client.Transport;

/// <summary>Sends requests and turns failures into StatusExceptions. Waits and tries again when the server says when to (Retry-After), as client-go does.</summary>
internal sealed class ApiTransport(ApiConnection connection, FencingToken? fence, TimeProvider clock, ServiceAccountToken? account = null)
{
    private const int MaxRetries = 10;

    private static readonly TimeSpan WatchGrace = TimeSpan.FromSeconds(30);

    public async Task<T> SendAsync<T>(HttpMethod method, string path, Payload? payload, CancellationToken cancellationToken, string accept = MediaTypes.Json)
    {
        using var deadline = new CancellationTokenSource(connection.Options.RequestTimeout, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            using var response = await SendWithRetriesAsync(method, path, payload, accept, HttpCompletionOption.ResponseContentRead, linked.Token);
            return ModelJson.Deserialize<T>(await response.Content.ReadAsByteArrayAsync(linked.Token));
        }
        catch (OperationCanceledException exception) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException(
                $"{method} {path}: no answer within {connection.Options.RequestTimeout.TotalSeconds} s.", new TimeoutException(null, exception));
        }
    }

    /// <summary>The answer's body as it comes. Ends with an HttpRequestException if the server keeps it open for longer than it was asked to.</summary>
    public async IAsyncEnumerable<WatchLine> WatchAsync(
        string path, int timeoutSeconds, string accept, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var limit = timeoutSeconds > 0 ? TimeSpan.FromSeconds(timeoutSeconds) + WatchGrace : Timeout.InfiniteTimeSpan;
        using var deadline = new CancellationTokenSource(limit, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        using var response = await SendWithRetriesAsync(HttpMethod.Get, path, null, accept, HttpCompletionOption.ResponseHeadersRead, linked.Token);
        await using var stream = await response.Content.ReadAsStreamAsync(linked.Token);

        await foreach (var line in WatchLine.ReadAllAsync(stream, linked.Token))
        {
            yield return line;
        }
    }

    private async Task<HttpResponseMessage> SendWithRetriesAsync(
        HttpMethod method, string path, Payload? payload, string accept, HttpCompletionOption completion, CancellationToken cancellationToken)
    {
        for (var retries = 0; ; retries++)
        {
            using var request = await CreateRequestAsync(method, path, payload, accept, cancellationToken);
            var response = await connection.Http.SendAsync(request, completion, cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            using (response)
            {
                if (retries == 0 && response.StatusCode == HttpStatusCode.Unauthorized && account?.Forget(request.Headers.Authorization?.Parameter) == true)
                {
                    continue;
                }

                if (retries >= MaxRetries || RetryAfter(response) is not { } delay)
                {
                    throw new StatusException(await ReadStatusAsync(response, cancellationToken));
                }

                await Task.Delay(delay, clock, cancellationToken);
            }
        }
    }

    private async Task<HttpRequestMessage> CreateRequestAsync(
        HttpMethod method, string path, Payload? payload, string accept, CancellationToken cancellationToken)
    {
        var request = await connection.CreateRequestAsync(method, path, cancellationToken);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        if (account is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await account.GetAsync(cancellationToken));
        }

        if (payload is not null)
        {
            request.Content = new ByteArrayContent(payload.Body) { Headers = { ContentType = new MediaTypeHeaderValue(payload.MediaType) } };
        }

        if (method != HttpMethod.Get && fence?.HeaderValue is { } token)
        {
            request.Headers.TryAddWithoutValidation(Fencing.Header, token);
        }

        return request;
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response) =>
        response.StatusCode is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError ? response.Headers.RetryAfter?.Delta : null;

    // What stands before the server (a load balancer, a proxy) answers in its own form.
    private static async Task<V1Status> ReadStatusAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var code = (int)response.StatusCode;
        try
        {
            if (ModelJson.Deserialize<V1Status>(body) is { Kind: "Status" } status)
            {
                return status with { Code = status.Code ?? code };
            }
        }
        catch (JsonException)
        {
            // Not a Status: told below by its code.
        }

        return new V1Status
        {
            Status = "Failure",
            Code = code,
            Reason = code switch { 401 => "Unauthorized", 403 => "Forbidden", 404 => "NotFound", 429 => "TooManyRequests", 503 => "ServiceUnavailable", 504 => "Timeout", _ => "InternalError" },
            Message = $"the server answered {code} {response.ReasonPhrase} without a Status",
        };
    }
}
