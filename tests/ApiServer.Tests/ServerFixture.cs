using MiniKube.TestSupport;

namespace MiniKube.ApiServer.Tests;

/// <summary>One server for all tests of the collection; each test works in a namespace of its own.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    private int _namespaces;
    private TestApiServer? _server;

    public TestApiServer Server => _server ?? throw new InvalidOperationException("The fixture has not started.");

    public async ValueTask InitializeAsync() => _server = await TestApiServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    /// <summary>A new namespace and a client that speaks JSON.</summary>
    public async Task<ApiClient> CreateNamespaceAsync()
    {
        var client = new ApiClient(Server.Client, $"test-{Interlocked.Increment(ref _namespaces)}");
        (await client.SendAsync(HttpMethod.Post, "/api/v1/namespaces", $$$"""{"metadata":{"name":"{{{client.Namespace}}}"}}""")).Expect(201);
        return client;
    }
}
