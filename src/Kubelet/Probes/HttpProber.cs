using System.Net;

using k8s.Models;

using MiniKube.Hosting;
using MiniKube.Kubelet.Network;

namespace MiniKube.Kubelet.Probes;

/// <summary>GETs a page of a container: any status from 200 to 399 is well. Certificates are not verified, as upstream does not.</summary>
/// <param name="network">Where containers are reached.</param>
/// <param name="isHook">Whether a hook is called rather than a probe made: then every answer is well, as upstream does not look at it.</param>
internal sealed class HttpProber(NodeNetwork network, bool isHook = false) : IDisposable
{
    private const int LongestOutput = 10 * 1024;
    private const int MostRedirects = 10;

    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        ConnectCallback = network.ConnectAsync,
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        // Every probe is a connection of its own: one that lingers would hide that the server no longer accepts any.
        PooledConnectionLifetime = TimeSpan.Zero,
#pragma warning disable CA5359 // A probe asks whether the server answers, not who it is; upstream does the same.
        SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
#pragma warning restore CA5359
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public void Dispose() => _client.Dispose();

    public async Task<ProbeOutcome> ProbeAsync(
        V1HTTPGetAction action, V1Container container, string podIp, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (ContainerPorts.Resolve(container, action.Port) is not { } port)
        {
            return new ProbeOutcome(false, $"couldn't find port: {action.Port?.Value} in container {container.Name}");
        }

        var host = string.IsNullOrEmpty(action.Host) ? podIp : action.Host;
        var authority = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
        var path = action.Path is { Length: > 0 } given ? given : "/";
        var scheme = action.Scheme?.ToUpperInvariant() == "HTTPS" ? "https" : "http";
        if (!Uri.TryCreate($"{scheme}://{authority}:{port}{(path[0] == '/' ? "" : "/")}{path}", UriKind.Absolute, out var uri))
        {
            return new ProbeOutcome(false, $"invalid URL for host {host}, path {path}");
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            return await GetAsync(uri, action.HttpHeaders ?? [], limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ProbeOutcome(false, $"Get \"{uri.OriginalString}\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)");
        }
        catch (HttpRequestException exception)
        {
            return new ProbeOutcome(false, $"Get \"{uri.OriginalString}\": {DialError.Describe(host, port, exception)}");
        }
    }

    private async Task<ProbeOutcome> GetAsync(Uri uri, IList<V1HTTPHeader> headers, CancellationToken cancellationToken)
    {
        var first = uri;
        for (var redirects = 0; ; redirects++)
        {
            using var request = Request(uri, headers);
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var code = (int)response.StatusCode;

            // A redirect to the same host is followed; one that leads away is well enough, but told.
            if (code is >= 300 and < 400 && response.Headers.Location is { } location && redirects < MostRedirects
                && new Uri(uri, location) is var next && next.Host == first.Host)
            {
                uri = next;
                continue;
            }

            return code switch
            {
                >= 200 and < 300 => new ProbeOutcome(true, await ReadAsync(response, cancellationToken)),
                >= 300 and < 400 => new ProbeOutcome(true, $"Probe terminated redirects, Response body: {await ReadAsync(response, cancellationToken)}") { IsWarning = true },
                _ when isHook => new ProbeOutcome(true, ""),
                _ => new ProbeOutcome(false, $"HTTP probe failed with statuscode: {code}"),
            };
        }
    }

    private HttpRequestMessage Request(Uri uri, IList<V1HTTPHeader> headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, uri);
        request.Headers.ConnectionClose = true;
        foreach (var header in headers)
        {
            if (string.Equals(header.Name, "Host", StringComparison.OrdinalIgnoreCase))
            {
                request.Headers.Host = header.Value;
            }
            else
            {
                request.Headers.TryAddWithoutValidation(header.Name, header.Value);
            }
        }

        if (!request.Headers.Contains("User-Agent"))
        {
            request.Headers.TryAddWithoutValidation("User-Agent", isHook ? "kube-lifecycle/1.34" : "kube-probe/1.34");
        }

        if (!request.Headers.Contains("Accept"))
        {
            request.Headers.TryAddWithoutValidation("Accept", "*/*");
        }

        return request;
    }

    private static async Task<string> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[LongestOutput];
        var count = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return System.Text.Encoding.UTF8.GetString(buffer, 0, count);
    }
}
