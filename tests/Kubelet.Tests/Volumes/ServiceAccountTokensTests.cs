using System.Text;

using k8s.Models;

using Microsoft.Extensions.Time.Testing;

using MiniKube.Api.Errors;
using MiniKube.Kubelet.Node;
using MiniKube.Kubelet.Tests.TestDoubles;
using MiniKube.Kubelet.Volumes;

namespace MiniKube.Kubelet.Tests.Volumes;

public sealed class ServiceAccountTokensTests
{
    private static readonly V1ServiceAccountTokenProjection Projection = new() { Path = "token", ExpirationSeconds = 3607, Audience = "vault" };

    private readonly FakeTimeProvider _clock = new();
    private readonly FakeApi _api = new();
    private readonly List<Authenticationv1TokenRequest> _requests = [];

    public ServiceAccountTokensTests() => _api.Answer = (_, body) => Answer((Authenticationv1TokenRequest)body);

    [Fact]
    public async Task Token_IsAskedForBoundToThePod_AndKept()
    {
        var tokens = new ServiceAccountTokens(_api, _clock);

        Assert.Equal("token-1", await GetAsync(tokens));
        Assert.Equal("token-1", await GetAsync(tokens));

        var request = Assert.Single(_requests);
        Assert.Equal(("Pod", "v1", "p", "uid-p"), (request.Spec.BoundObjectRef.Kind, request.Spec.BoundObjectRef.ApiVersion, request.Spec.BoundObjectRef.Name, request.Spec.BoundObjectRef.Uid));
        Assert.Equal(3607, request.Spec.ExpirationSeconds);
        Assert.Equal(["vault"], request.Spec.Audiences);
    }

    [Fact]
    public async Task Token_IsRenewedAfterFourFifthsOfItsLife()
    {
        var tokens = new ServiceAccountTokens(_api, _clock);
        await GetAsync(tokens);

        _clock.Advance(TimeSpan.FromSeconds((3607 * 0.8) - 2));
        Assert.Equal("token-1", await GetAsync(tokens));
        _clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal("token-2", await GetAsync(tokens));
    }

    [Fact]
    public async Task Token_OfALongLife_IsRenewedAfterADay()
    {
        var tokens = new ServiceAccountTokens(_api, _clock);
        var week = Projection with { ExpirationSeconds = 7 * 24 * 3600 };
        await tokens.GetAsync(Pod(), week, TestContext.Current.CancellationToken);

        _clock.Advance(TimeSpan.FromHours(23.9));
        Assert.Equal("token-1", await tokens.GetAsync(Pod(), week, TestContext.Current.CancellationToken));
        _clock.Advance(TimeSpan.FromHours(0.2));
        Assert.Equal("token-2", await tokens.GetAsync(Pod(), week, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Token_ThatCannotBeRenewed_IsUsedUntilItEnds()
    {
        var tokens = new ServiceAccountTokens(_api, _clock);
        await GetAsync(tokens);
        _api.Answer = (_, _) => throw StatusException.ServiceUnavailable("away");

        _clock.Advance(TimeSpan.FromSeconds(3500));
        Assert.Equal("token-1", await GetAsync(tokens));
        _clock.Advance(TimeSpan.FromSeconds(200));
        await Assert.ThrowsAsync<StatusException>(() => GetAsync(tokens));
    }

    [Fact]
    public async Task Volume_HasUpstreamsThreeFiles()
    {
        var files = await ReadAsync(Pod());

        Assert.Equal(["ca.crt=CA", "namespace=default", "token=token-1"], files.Select(file => $"{file.Path}={Encoding.UTF8.GetString(file.Content)}").Order(StringComparer.Ordinal));
        Assert.All(files, file => Assert.Equal("644", Convert.ToString((int)file.Mode, 8)));
    }

    [Fact]
    public async Task Token_OfAPodThatRunsAsOneUser_IsThatUsersAlone()
    {
        var pod = Pod() with { Spec = Pod().Spec with { SecurityContext = new V1PodSecurityContext { RunAsUser = 1000 } } };

        var token = (await ReadAsync(pod)).Single(file => file.Path == "token");

        Assert.Equal(("600", 1000L), (Convert.ToString((int)token.Mode, 8), token.Owner));
    }

    private static V1Pod Pod() => new()
    {
        Metadata = new V1ObjectMeta { Name = "p", NamespaceProperty = "default", Uid = "uid-p" },
        Spec = new V1PodSpec
        {
            ServiceAccountName = "robot",
            Containers = [new V1Container { Name = "c" }],
        },
    };

    private static Task<string> GetAsync(ServiceAccountTokens tokens) => tokens.GetAsync(Pod(), Projection, TestContext.Current.CancellationToken);

    private Task<IReadOnlyList<PayloadFile>> ReadAsync(V1Pod pod)
    {
        _api.Put(new V1ConfigMap { Metadata = new V1ObjectMeta { Name = "kube-root-ca.crt", NamespaceProperty = "default" }, Data = new Dictionary<string, string> { ["ca.crt"] = "CA" } });
        var volume = new V1Volume
        {
            Name = "kube-api-access-abcde",
            Projected = new V1ProjectedVolumeSource
            {
                DefaultMode = 420,
                Sources =
                [
                    new V1VolumeProjection { ServiceAccountToken = new V1ServiceAccountTokenProjection { Path = "token", ExpirationSeconds = 3607 } },
                    new V1VolumeProjection { ConfigMap = new V1ConfigMapProjection { Name = "kube-root-ca.crt", Items = [new V1KeyToPath { Key = "ca.crt", Path = "ca.crt" }] } },
                    new V1VolumeProjection
                    {
                        DownwardAPI = new V1DownwardAPIProjection { Items = [new V1DownwardAPIVolumeFile { Path = "namespace", FieldRef = new V1ObjectFieldSelector { FieldPath = "metadata.namespace" } }] },
                    },
                ],
            },
        };
        var options = new NodeAgentOptions { NodeName = "n", NodeIp = "192.0.2.1" };
        var reader = new PayloadReader(new ReferencedObjects(_api), new DownwardApi(options, MachineFacts.Read("/")), new ServiceAccountTokens(_api, _clock));
        return reader.ReadAsync(pod, volume, TestContext.Current.CancellationToken);
    }

    private Authenticationv1TokenRequest Answer(Authenticationv1TokenRequest request)
    {
        _requests.Add(request);
        var expires = _clock.GetUtcNow().AddSeconds(request.Spec.ExpirationSeconds ?? 3600).UtcDateTime;
        return request with { Status = new V1TokenRequestStatus { Token = $"token-{_requests.Count}", ExpirationTimestamp = expires } };
    }
}
