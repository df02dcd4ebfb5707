using System.Net;
using System.Net.Sockets;
using System.Text.Json;

using Docker.DotNet;

namespace MiniKube.Kubelet.Runtime.Docker;

/// <summary>The way to one Docker Engine. What goes wrong comes out as <see cref="ContainerRuntimeException"/> with the engine's own message.</summary>
internal sealed class DockerConnection(Uri endpoint) : IDisposable
{
    // Debian's engine is 20.10, which speaks 1.41; newer ones still do.
    private static readonly Version ApiVersion = new(1, 41);

    private readonly DockerClient _client = new DockerClientBuilder()
        .WithEndpoint(endpoint)
        .WithApiVersion(ApiVersion)
        .WithTimeout(Timeout.InfiniteTimeSpan)
        .Build();

    public void Dispose() => _client.Dispose();

    public Task CallAsync(Func<DockerClient, Task> call) => CallAsync(async client =>
    {
        await call(client);
        return true;
    });

    public async Task<T> CallAsync<T>(Func<DockerClient, Task<T>> call)
    {
        try
        {
            return await call(_client);
        }
        catch (DockerApiException exception)
        {
            throw new ContainerRuntimeException(MessageOf(exception), exception)
            {
                IsNotFound = exception.StatusCode == HttpStatusCode.NotFound,
                IsConflict = exception.StatusCode == HttpStatusCode.Conflict,
            };
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException or TimeoutException or JsonException)
        {
            throw new ContainerRuntimeException($"Cannot connect to the Docker daemon at {endpoint.OriginalString}: {exception.Message}", exception);
        }
    }

    private static string MessageOf(DockerApiException exception)
    {
        try
        {
            using var body = JsonDocument.Parse(exception.ResponseBody ?? "");
            if (body.RootElement.TryGetProperty("message", out var message) && message.GetString() is { } text)
            {
                return $"Error response from daemon: {text}";
            }
        }
        catch (JsonException)
        {
            // Not every error has a body of JSON; then it is shown as it is.
        }

        return $"Error response from daemon: {exception.ResponseBody}";
    }
}
