using System.Collections.Concurrent;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Kubelet.Pods;

namespace MiniKube.Kubelet.Volumes;

/// <summary>
/// The tokens of pods' service accounts, bound to the pod so that they end with it. Kept as long as they are fresh: volumes are looked at far more often than
/// tokens need to be renewed.
/// </summary>
internal sealed class ServiceAccountTokens(IObjectClient client, TimeProvider clock)
{
    private const long DefaultSeconds = 3600;

    // Upstream's rule for renewing: four fifths of its life, or a day.
    private const double UsedPart = 0.8;
    private static readonly TimeSpan LongestUse = TimeSpan.FromHours(24);

    private readonly ConcurrentDictionary<Request, Issued> _issued = [];

    public async Task<string> GetAsync(V1Pod pod, V1ServiceAccountTokenProjection projection, CancellationToken cancellationToken)
    {
        var request = new Request(pod.Uid(), pod.Spec?.ServiceAccountName ?? "", projection.Audience ?? "", projection.ExpirationSeconds ?? DefaultSeconds);
        var now = clock.GetUtcNow();
        if (_issued.TryGetValue(request, out var known) && now < known.RenewAt)
        {
            return known.Token;
        }

        try
        {
            var issued = await RequestAsync(pod, request, now, cancellationToken);
            _issued[request] = issued;
            return issued.Token;
        }
        catch (Exception error) when (known is not null && now < known.Expires && error is StatusException or HttpRequestException)
        {
            // The old one is still good; the next look tries again.
            return known.Token;
        }
    }

    /// <summary>Forgets the tokens of a pod that is gone.</summary>
    public void Forget(V1Pod pod)
    {
        foreach (var request in _issued.Keys.Where(request => request.PodUid == pod.Uid()))
        {
            _issued.TryRemove(request, out _);
        }
    }

    private async Task<Issued> RequestAsync(V1Pod pod, Request request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var body = new Authenticationv1TokenRequest
        {
            ApiVersion = "authentication.k8s.io/v1",
            Kind = "TokenRequest",
            Spec = new V1TokenRequestSpec
            {
                Audiences = request.Audience.Length == 0 ? [] : [request.Audience],
                ExpirationSeconds = request.Seconds,
                BoundObjectRef = new V1BoundObjectReference { ApiVersion = "v1", Kind = "Pod", Name = pod.Name(), Uid = request.PodUid },
            },
        };
        var account = new NamespacedName(pod.Namespace(), request.ServiceAccount);
        var answer = await client.PostAsync<V1ServiceAccount, Authenticationv1TokenRequest>(account, "token", body, cancellationToken);
        var expires = new DateTimeOffset(answer.Status?.ExpirationTimestamp ?? now.UtcDateTime, TimeSpan.Zero);
        var use = (expires - now) * UsedPart;
        return new Issued(answer.Status?.Token ?? "", now + (use < LongestUse ? use : LongestUse), expires);
    }

    private sealed record Request(string PodUid, string ServiceAccount, string Audience, long Seconds);

    private sealed record Issued(string Token, DateTimeOffset RenewAt, DateTimeOffset Expires);
}
