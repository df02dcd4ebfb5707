using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;

namespace MiniKube.Client.ServiceAccounts;

/// <summary>The token of a service account, asked for when it is needed and again before it ends. The account is made if it is not there.</summary>
internal sealed class ServiceAccountToken(IObjectClient client, NamespacedName account, TimeProvider clock) : IDisposable
{
    // Renewed when four fifths of its time are over, as the kubelet does.
    private const double UsedPart = 0.8;

    private readonly SemaphoreSlim _one = new(1);
    private volatile Issued? _issued;

    public async ValueTask<string> GetAsync(CancellationToken cancellationToken)
    {
        if (_issued is { } known && clock.GetUtcNow() < known.RenewAt)
        {
            return known.Token;
        }

        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_issued is not { } issued || clock.GetUtcNow() >= issued.RenewAt)
            {
                _issued = issued = await RequestAsync(cancellationToken);
            }

            return issued.Token;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>The server does not believe it any more: the account was made anew, or the server has other keys.</summary>
    /// <returns>Whether there was a token to forget: then another try may succeed.</returns>
    public bool Forget(string? refused)
    {
        if (_issued is not { } issued || issued.Token != refused)
        {
            return _issued is null;
        }

        _issued = null;
        return true;
    }

    public void Dispose() => _one.Dispose();

    private async Task<Issued> RequestAsync(CancellationToken cancellationToken)
    {
        var begin = clock.GetUtcNow();
        Authenticationv1TokenRequest answer;
        try
        {
            answer = await PostAsync(cancellationToken);
        }
        catch (StatusException error) when (error.Code == 404)
        {
            await CreateAccountAsync(cancellationToken);
            answer = await PostAsync(cancellationToken);
        }

        var end = new DateTimeOffset(answer.Status?.ExpirationTimestamp ?? begin.UtcDateTime, TimeSpan.Zero);
        return new Issued(answer.Status?.Token ?? "", begin + ((end - begin) * UsedPart));
    }

    private Task<Authenticationv1TokenRequest> PostAsync(CancellationToken cancellationToken) => client.PostAsync<V1ServiceAccount, Authenticationv1TokenRequest>(
        account,
        "token",
        new Authenticationv1TokenRequest { ApiVersion = "authentication.k8s.io/v1", Kind = "TokenRequest", Spec = new V1TokenRequestSpec { Audiences = [] } },
        cancellationToken);

    private async Task CreateAccountAsync(CancellationToken cancellationToken)
    {
        try
        {
            var metadata = new V1ObjectMeta { NamespaceProperty = account.Namespace, Name = account.Name };
            await client.CreateAsync(new V1ServiceAccount { ApiVersion = "v1", Kind = "ServiceAccount", Metadata = metadata }, cancellationToken);
        }
        catch (StatusException error) when (error.Reason == "AlreadyExists")
        {
            // Another process was faster: it is there.
            return;
        }
    }

    private sealed record Issued(string Token, DateTimeOffset RenewAt);
}
