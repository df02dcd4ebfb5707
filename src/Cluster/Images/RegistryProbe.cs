namespace MiniKube.Cluster.Images;

/// <summary>Asks whether a registry can be reached from the machine. Any answer is one: registries ask for a login.</summary>
internal static class RegistryProbe
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    public static async Task<bool> AnswersAsync(Uri registry, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        using var client = new HttpClient();
        try
        {
            using var answer = await client.GetAsync(registry, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
