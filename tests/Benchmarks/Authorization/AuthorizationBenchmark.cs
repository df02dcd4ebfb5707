using System.Diagnostics;
using System.Text.Json.Nodes;

using Microsoft.Extensions.Logging.Abstractions;

using MiniKube.Api.Meta;
using MiniKube.Api.Serialization;
using MiniKube.Api.Tokens;
using MiniKube.ApiServer.Authentication;
using MiniKube.ApiServer.Authentication.ServiceAccounts;
using MiniKube.ApiServer.Authorization;
using MiniKube.ApiServer.Authorization.Rbac;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.WatchCache;
using MiniKube.Storage;

namespace MiniKube.Benchmarks.Authorization;

/// <summary>The authorizers of <c>--authorization-mode=Node,RBAC</c> on a watch cache that holds upstream's roles and bindings, without a server around them.</summary>
internal static class AuthorizationBenchmark
{
    private const int RoundsASample = 20_000;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    public static async Task<IReadOnlyList<Figure>> RunAsync(int samples)
    {
        var clock = TimeProvider.System;
        var catalog = Catalog(clock);
        var policy = RbacPolicySource.Of(catalog);
        var authorizer = AuthorizationModes.Create("Node,RBAC", policy, catalog);
        var start = Stopwatch.GetTimestamp();
        Fill(catalog);
        var filled = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        start = Stopwatch.GetTimestamp();
        _ = policy.Current;
        var indexed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        var memory = GC.GetTotalMemory(forceFullCollection: true) - before;

        var reads = new CacheReads(new ReadIndex(_ => Task.FromResult(1L)), Progress(), clock);
        var keys = ServiceAccountKeys.Load(new ApiServer.ApiServerOptions());
        var tokens = new ServiceAccountAuthenticator(keys.Issuers, keys.All, new TokenValidator(TokenObjects.Of(catalog, reads), clock));
        var token = new TokenIssuer(keys, extendsExpiration: false).Issue(
            new ServiceAccountClaims("default", new TokenBinding("robot", "uid-1")), keys.ApiAudiences, 3600, clock.GetUtcNow());
        var parsed = JsonWebToken.Parse(token) ?? throw new InvalidOperationException("The token cannot be read.");
        var admin = new UserInfo("admin", [SuperuserAuthorizer.Group, UserInfo.AuthenticatedGroup]);
        var scheduler = new UserInfo("system:kube-scheduler", [UserInfo.AuthenticatedGroup]);
        var account = new UserInfo("system:serviceaccount:default:robot", [.. ServiceAccountName.GroupsOf("default"), UserInfo.AuthenticatedGroup]);
        return
        [
            new Figure("upstream's roles parsed and in the cache", "ms", [filled], ""),
            new Figure("index of roles and bindings made", "ms", [indexed], ""),
            new Figure("index of roles and bindings held", "KiB", [memory / 1024.0], ""),
            await MeasureAsync("administrator (system:masters)", samples, async () => await authorizer.AuthorizeAsync(admin, Pods, CancellationToken.None)),
            await MeasureAsync("kube-scheduler lists pods: allowed", samples, async () => await authorizer.AuthorizeAsync(scheduler, Pods, CancellationToken.None)),
            await MeasureAsync("service account lists pods: refused", samples, async () => await authorizer.AuthorizeAsync(account, Pods, CancellationToken.None)),
            await MeasureAsync("service account token, seen before", samples, async () => await tokens.AuthenticateAsync(token, keys.ApiAudiences, CancellationToken.None)),
            await MeasureAsync(
                "service account token, its signature (ES256)",
                samples,
                () =>
                {
                    parsed.IsSignedBy(keys.Signing.Public);
                    return ValueTask.CompletedTask;
                },
                RoundsASample / 100),
        ];
    }

    private static RequestInfo Pods { get; } = new() { Path = "/api/v1/pods", Verb = "list", IsResourceRequest = true, Version = "v1", Resource = "pods" };

    private static CacheProgress Progress()
    {
        var progress = new CacheProgress();
        progress.Publish(1);
        return progress;
    }

    private static ResourceCatalog Catalog(TimeProvider clock) => ResourceCatalog.Create(
        ResourceCatalog.BuiltInStrategies(),
        new CacherSet(),
        new Dictionary<GroupVersionKind, IWriteParticipant>(),
        reader => new Cacher(reader, Progress(), new SnapshotArchive(clock)),
        NullLogger<ObjectReader>.Instance);

    private static void Fill(ResourceCatalog catalog)
    {
        foreach (var kind in BootstrapPolicy.Objects().GroupBy(obj => $"{obj.StringAt("kind")?.ToLowerInvariant()}s"))
        {
            Put(catalog.Get(RoleReference.Group, "v1", kind.Key), kind);
        }

        Put(catalog.Get("", "v1", "serviceaccounts"), [new JsonObject { ["metadata"] = new JsonObject { ["name"] = "robot", ["namespace"] = "default", ["uid"] = "uid-1" } }]);
    }

    private static void Put(ServedResource resource, IEnumerable<JsonObject> objects)
    {
        var stored = objects
            .Select(obj => new KeyValue(
                resource.StoreKey(obj.StringAt("metadata", "namespace") ?? "", obj.StringAt("metadata", "name") ?? ""), JsonCodec.Write(obj, resource.Strategy.Type), 1, 1, 1))
            .OrderBy(item => item.Key, StringComparer.Ordinal);
        var content = new CacheContent();
        foreach (var item in stored)
        {
            resource.Cacher.Read(item, content);
        }

        resource.Cacher.Reset(content, 1);
    }

    private static async Task<Figure> MeasureAsync(string name, int samples, Func<ValueTask> action, int rounds = RoundsASample)
    {
        for (var warm = Stopwatch.StartNew(); warm.Elapsed < WarmUp;)
        {
            await action();
        }

        var values = new List<double>();
        for (var sample = 0; sample < samples; sample++)
        {
            var start = Environment.CpuUsage.TotalTime;
            for (var round = 0; round < rounds; round++)
            {
                await action();
            }

            values.Add((Environment.CpuUsage.TotalTime - start).TotalNanoseconds / rounds);
        }

        return new Figure(name, "ns", values, "");
    }
}
