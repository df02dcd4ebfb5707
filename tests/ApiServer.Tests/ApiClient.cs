using System.Net.Http.Headers;
using System.Text;

namespace MiniKube.ApiServer.Tests;

/// <summary>Sends requests and reads answers as they are: text, status, headers.</summary>
public sealed class ApiClient(HttpClient client, string @namespace)
{
    public HttpClient Http { get; } = client;

    public string Namespace { get; } = @namespace;

    /// <summary>The path of a core resource in the namespace.</summary>
    public string Core(string resource) => $"/api/v1/namespaces/{Namespace}/{resource}";

    public async Task<ApiAnswer> SendAsync(HttpMethod method, string path, string? body = null, string contentType = "application/json", string? accept = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = contentType.Length == 0 ? null : MediaTypeHeaderValue.Parse(contentType);
        }

        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        using var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new ApiAnswer((int)response.StatusCode, text, response.Headers, response.Content.Headers);
    }

    /// <summary>Sends and answers with bytes; the headers are lines such as <c>Accept: a/b</c>.</summary>
    public async Task<(HttpResponseMessage Response, byte[] Body)> SendBytesAsync(
        HttpMethod method, string path, byte[]? body, string contentType, params IEnumerable<string> headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        foreach (var header in headers)
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            request.Headers.TryAddWithoutValidation(header[..colon], header[(colon + 1)..].Trim());
        }

        var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        return (response, await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    public Task<ApiAnswer> GetAsync(string path, string? accept = null) => SendAsync(HttpMethod.Get, path, accept: accept);

    public Task<ApiAnswer> CreateAsync(string resource, string body) => SendAsync(HttpMethod.Post, Core(resource), body);

    /// <summary>Creates a ConfigMap: the simplest object there is.</summary>
    public async Task<ApiAnswer> CreateConfigMapAsync(string name, string metadata = "", string data = "\"a\":\"1\"") =>
        (await CreateAsync("configmaps", $$$"""{"metadata":{"name":"{{{name}}}"{{{metadata}}} },"data":{ {{{data}}} }}""")).Expect(201);

    /// <summary>Opens a watch; events are read as they come.</summary>
    public async Task<WatchReader> WatchAsync(string path, string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", accept ?? "application/json");
        var response = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return new WatchReader(response, await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
    }
}
