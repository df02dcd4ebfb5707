using System.Net;
using System.Net.Sockets;
using System.Text.Json;

using Docker.DotNet;

using MiniKube.Api.Serialization;

namespace MiniKube.Kubelet.Runtime.Docker;

/// <summary>The way to one Docker Engine, which may die, or hang, at any time. What goes wrong comes out as <see cref="ContainerRuntimeException"/> with the engine's own message.</summary>
internal sealed class DockerConnection(Uri endpoint, DockerLimits limits) : IDisposable
{
    // Debian's engine is 20.10, which speaks 1.41; newer ones still do.
    private static readonly Version ApiVersion = new(1, 41);

    private readonly DockerClient _client = new DockerClientBuilder()
        .WithEndpoint(endpoint)
        .WithApiVersion(ApiVersion)
        .WithTimeout(Timeout.InfiniteTimeSpan)
        .Build();

    public void Dispose() => _client.Dispose();

    /// <summary>A question that is answered at once or not at all.</summary>
    public Task<T> AskAsync<T>(Func<DockerClient, CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        LimitAsync(call, limits.Question, cancellationToken);

    /// <summary>A command, which may take the engine a while.</summary>
    public Task<T> CommandAsync<T>(Func<DockerClient, CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        LimitAsync(call, limits.Command, cancellationToken);

    /// <param name="call">The command.</param>
    /// <param name="longer">What the command is told to wait for, beyond its usual time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task CommandAsync(Func<DockerClient, CancellationToken, Task> call, TimeSpan longer, CancellationToken cancellationToken) => LimitAsync(
        async (client, token) =>
        {
            await call(client, token);
            return true;
        },
        limits.Command + longer,
        cancellationToken);

    public Task StreamAsync(Func<DockerClient, Task> call) => StreamAsync(async client =>
    {
        await call(client);
        return true;
    });

    /// <summary>What has no limit of its own: an end comes with the engine's, or by cancellation.</summary>
    public async Task<T> StreamAsync<T>(Func<DockerClient, Task<T>> call)
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

    private async Task<T> LimitAsync<T>(Func<DockerClient, CancellationToken, Task<T>> call, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(limit);
        try
        {
            return await StreamAsync(client => call(client, stop.Token));
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ContainerRuntimeException($"the Docker daemon at {endpoint.OriginalString} did not answer within {GoDuration.Format(limit)}", exception);
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
