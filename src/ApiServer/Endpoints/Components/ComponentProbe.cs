using System.Globalization;

namespace MiniKube.ApiServer.Endpoints.Components;

/// <summary>Asks a component on this host how it is, at the port where upstream's serves.</summary>
internal sealed class ComponentProbe : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        ConnectTimeout = TimeSpan.FromSeconds(2),
        UseProxy = false,
#pragma warning disable CA5359 // It asks whether the component answers, not who it is: upstream does the same.
        SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
#pragma warning restore CA5359
    })
    {
        Timeout = TimeSpan.FromSeconds(5),
    };

    /// <summary>Null when the component is well, else why not.</summary>
    public async ValueTask<string?> AskAsync(int port, CancellationToken cancellationToken)
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{port}/healthz");
        try
        {
            using var answer = await _http.GetAsync(new Uri(address), cancellationToken);
            return answer.IsSuccessStatusCode ? null : await answer.Content.ReadAsStringAsync(cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            return $"Get \"{address}\": {exception.Message}";
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"Get \"{address}\": context deadline exceeded";
        }
    }

    public void Dispose() => _http.Dispose();
}
