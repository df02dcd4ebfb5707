using System.Collections.Frozen;

using MiniKube.Api.Meta;
using MiniKube.ApiServer.Admission;
using MiniKube.ApiServer.Auditing;
using MiniKube.ApiServer.Authentication.ServiceAccounts;
using MiniKube.ApiServer.Bootstrap;
using MiniKube.ApiServer.Compaction;
using MiniKube.ApiServer.CustomResources;
using MiniKube.ApiServer.Endpoints;
using MiniKube.ApiServer.Endpoints.Components;
using MiniKube.ApiServer.Endpoints.Discovery;
using MiniKube.ApiServer.Endpoints.Health;
using MiniKube.ApiServer.Endpoints.Metrics;
using MiniKube.ApiServer.Endpoints.OpenApi;
using MiniKube.ApiServer.Endpoints.Reviews;
using MiniKube.ApiServer.Endpoints.Streaming;
using MiniKube.ApiServer.Endpoints.Subresources;
using MiniKube.ApiServer.Endpoints.Tables;
using MiniKube.ApiServer.Endpoints.Watching;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.FlowControl;
using MiniKube.ApiServer.Metrics;
using MiniKube.ApiServer.Quotas;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.ServiceAllocation;
using MiniKube.ApiServer.WatchCache;
using MiniKube.Storage;

using Prometheus;

namespace MiniKube.ApiServer;

/// <summary>Puts the server together: the one place that knows every part. By hand, so that it reads top to bottom and starts without reflection.</summary>
internal sealed class ApiServerParts : IAsyncDisposable
{
    private readonly IKeyValueStore _storage;
    private readonly StreamingParts _streaming;
    private readonly AuditLog? _audit;
    private readonly ComponentProbe _components = new();

    private ApiServerParts(ApiServerOptions options, IKeyValueStore storage, ServerLifetime lifetime, IServiceProvider services, TimeProvider clock)
    {
        (_storage, Lifetime) = (storage, lifetime);
        _streaming = new StreamingParts(options, clock);
        var loggers = services.GetRequiredService<ILoggerFactory>();

        _audit = AuditLog.Create(options, clock, loggers.CreateLogger<AuditLog>());
        var progress = new CacheProgress();
        var cachers = new CacherSet();
        Cacher MakeCacher(ObjectReader reader) => new(reader, progress, new SnapshotArchive(clock));
        var addresses = ServiceRanges.Parse(options.ServiceClusterIpRange);
        var catalog = ResourceCatalog.Create(
            ResourceCatalog.BuiltInStrategies(),
            cachers,
            Participants(options, addresses, clock),
            MakeCacher,
            loggers.CreateLogger<ObjectReader>());
        addresses.Follow(catalog.Get("networking.k8s.io", "v1", "servicecidrs").Cacher);
        var customResources = new CustomResourceFeed(
            storage, catalog, cachers, MakeCacher, clock, loggers.CreateLogger<CustomResourceFeed>(), loggers.CreateLogger<ObjectReader>());
        var feed = new StoreFeed(storage, cachers, progress, customResources, clock, loggers.CreateLogger<StoreFeed>());
        var reads = new CacheReads(new ReadIndex(storage.CurrentRevisionAsync), progress, clock);

        var identity = new IdentityParts(options, catalog, reads, clock);
        var authorizer = identity.Authorizer;
        var metrics = services.GetRequiredService<IMetricFactory>();
        var requestMetrics = new RequestMetrics(metrics);
        var admission = AdmissionParts.Create(
            options, catalog, reads, identity.TokenObjects, authorizer, new RbacEscalation(authorizer, identity.Policy), new AdmissionMetrics(metrics), clock);
        var commit = new ObjectCommit(storage, options.EventTtl, options.DisableAdmissionPlugins.Contains(QuotaKeeper.Name) ? null : new QuotaKeeper(catalog, reads));
        var clusterPolicy = new ClusterPolicy(options.AllowPrivileged);
        var create = new CreateOperation(commit, admission, new NameGenerator(Random.Shared), clock, clusterPolicy);
        var update = new UpdateOperation(commit, create, admission, clock, clusterPolicy);
        var delete = new DeleteOperation(commit, admission, clock);

        var writer = new SystemWriter(catalog, create, update, delete);
        var rbac = new RbacBootstrap(writer, reads);
        Bootstrap = new BootstrapService(
            feed.Primed,
            new BootstrapObjects(writer, options, options.ClientCaFile is { } ca ? File.ReadAllText(ca) : "", clock),
            rbac,
            new MasterEndpoints(storage, writer, options.AdvertiseAddress, options.SecurePort),
            new IdentityLease(writer, Environment.MachineName, clock),
            clock,
            loggers.CreateLogger<BootstrapService>());
        var compaction = new CompactionService(storage, options.EtcdCompactionInterval, clock, loggers.CreateLogger<CompactionService>());
        var definitions = new DefinitionController(
            catalog.Get(Definition.ApiGroup, "v1", Definition.Resource),
            feed.Primed,
            reads,
            update,
            new DefinitionCleanup(storage, catalog, delete, MakeCacher, loggers.CreateLogger<ObjectReader>()),
            clock,
            loggers.CreateLogger<DefinitionController>());
        var apiServices = new ApiServiceRegistration(catalog, writer, Bootstrap.Done, clock, loggers.CreateLogger<ApiServiceRegistration>());
        var dangling = new DanglingSchemas(catalog, writer, Bootstrap.Done, clock, loggers.CreateLogger<DanglingSchemas>());
        var floods = new FloodCollector(() => cachers.All.Sum(cacher => cacher.Watchers), clock, FloodCollector.CollectAll);
        Background =
        [
            feed, definitions, apiServices, dangling, new BookmarkService(cachers, clock), new HistoryService(cachers, progress, clock), floods, compaction, Bootstrap,
        ];

        var inFlight = new MaxInFlightFilter(options.MaxRequestsInflight, options.MaxMutatingRequestsInflight, requestMetrics, catalog);
        ServerMetrics.Register(metrics, services.GetRequiredService<CollectorRegistry>(), catalog, inFlight);
        Filters = new PipelineFilters(
            new MetricsFilter(requestMetrics, clock),
            _audit is null ? null : new AuditFilter(_audit, clock),
            new PanicRecoveryFilter(loggers.CreateLogger<PanicRecoveryFilter>()),
            new RequestInfoFilter(),
            new ShutdownFilter(Lifetime, clock),
            new GoAwayFilter(options.GoAwayChance, Random.Shared),
            new DeadlineFilter(options.RequestTimeout, clock),
            identity.Authentication(),
            new ImpersonationFilter(authorizer),
            new FlowControlFilter(FlowClassifier.Of(catalog)),
            inFlight,
            new AuthorizationFilter(authorizer, rbac.Done));

        var tables = new TableRenderer(clock);
        var answer = new ObjectAnswer(tables);
        var lister = new ListReader(storage, reads);
        var get = new GetEndpoint(reads, answer);
        var list = new ListEndpoint(lister, tables);
        var verbs = new Dictionary<string, IEndpoint>
        {
            ["get"] = get,
            ["list"] = list,
            ["watch"] = new WatchEndpoint(reads, new WatchWriters(tables), Lifetime, clock, Random.Shared),
            ["create"] = new CreateEndpoint(create, answer),
            ["update"] = new UpdateEndpoint(update, answer),
            ["patch"] = new PatchEndpoint(update, answer, clock),
            ["delete"] = new DeleteEndpoint(delete, new UnsafeDeletion(storage, authorizer), answer),
            ["deletecollection"] = new DeleteCollectionEndpoint(lister, delete, list),
        }.ToFrozenDictionary();
        var binding = new BindingSubresource(update, clock);
        IReadOnlyList<ISubresource> subresources =
        [
            binding,
            new ApprovalSubresource(get, update, answer, clock),
            new EphemeralContainersSubresource(get, update, answer, clock),
            new EvictionSubresource(update, delete, catalog.Get("policy", "v1", "poddisruptionbudgets"), reads, clock),
            new FinalizeSubresource(update, answer),
            new ResizeSubresource(get, update, answer, clock),
            new ScaleSubresource(get, update, answer, clock),
            new TokenSubresource(
                new TokenIssuer(identity.Keys, options.ServiceAccountExtendTokenExpiration), identity.TokenObjects, admission, options.ServiceAccountMaxTokenExpiration, clock),
            .. _streaming.Subresources(get, catalog, reads, admission, Lifetime),
        ];
        var usage = new UsageParts(
            reads,
            new KubeletStats(catalog.Get("", "v1", "nodes"), _streaming.Kubelets, clock, loggers.CreateLogger<KubeletStats>()),
            list,
            answer,
            clock);
        var health = new HealthEndpoint(Checks(storage, feed));
        Endpoints = new PathEndpoints(
            [
                health,
                new DiscoveryEndpoint(catalog, subresources, $"{options.AdvertiseAddress}:{options.SecurePort}"),
                new OpenApiEndpoint(new OpenApiDocuments(catalog, subresources), clock),
                new VersionEndpoint(),
                new RootEndpoint(catalog, subresources, [.. health.Paths, "/.well-known/openid-configuration", "/metrics", "/openapi/v2", "/openapi/v3", OpenIdEndpoint.KeysPath, "/version"]),
                new OpenIdEndpoint(identity.Keys, options.ServiceAccountJwksUri ?? $"https://{options.AdvertiseAddress}:{options.SecurePort}{OpenIdEndpoint.KeysPath}"),
                new MetricsEndpoint(services.GetRequiredService<CollectorRegistry>()),
            ],
            new ResourceEndpoint(catalog, reads, verbs, subresources, new UnstoredEndpoint(
                new BindingEndpoint(binding, catalog.Get("", "v1", "pods")),
                new ComponentStatusEndpoint(Components(storage), list, answer),
                new NodeUsageEndpoint(usage, catalog.Get("", "v1", "nodes")),
                new PodUsageEndpoint(usage, catalog.Get("", "v1", "pods")),
                new ReviewEndpoint(identity.Reviews())), requestMetrics));
    }

    public PipelineFilters Filters { get; }

    public PathEndpoints Endpoints { get; }

    public ServerLifetime Lifetime { get; }

    public BootstrapService Bootstrap { get; }

    /// <summary>In the order in which they start; they stop in reverse.</summary>
    public IReadOnlyList<BackgroundService> Background { get; }

    public static async Task<ApiServerParts> CreateAsync(
        ApiServerOptions options, ServerLifetime lifetime, IServiceProvider services, TimeProvider clock, CancellationToken cancellationToken)
    {
        var loggers = services.GetRequiredService<ILoggerFactory>();
        var storage = await StoreFactory.OpenAsync(options, loggers, clock, cancellationToken);
        return new ApiServerParts(options, storage, lifetime, services, clock);
    }

    public async ValueTask DisposeAsync()
    {
        Lifetime.Dispose();
        _streaming.Dispose();
        _components.Dispose();
        foreach (var service in Background)
        {
            service.Dispose();
        }

        await _storage.DisposeAsync();
        _audit?.Dispose();
    }

    private static Dictionary<GroupVersionKind, IWriteParticipant> Participants(ApiServerOptions options, ServiceRanges addresses, TimeProvider clock) => new()
    {
        [LeaseFencing.Kind] = new LeaseFencing(),
        [ServiceAllocator.Kind] = ServiceAllocator.Create(addresses, options.ServiceNodePortRange, Random.Shared, clock),
    };

    private List<HealthCheck> Checks(IKeyValueStore storage, StoreFeed feed) =>
    [
        new("ping", _ => ValueTask.FromResult<string?>(null)),
        new("etcd", async cancellationToken => await CheckStorageAsync(storage, cancellationToken)),
        new("informer-sync", _ => ValueTask.FromResult(feed.Primed.IsCompletedSuccessfully ? null : "the cache is not filled"), OnlyReadiness: true),
        new("poststarthook/bootstrap-controller", _ => ValueTask.FromResult(Bootstrap.Done.IsCompletedSuccessfully ? null : "not finished"), OnlyReadiness: true),
        new("shutdown", _ => ValueTask.FromResult(Lifetime.Stopping.IsCancellationRequested ? "process is shutting down" : null), OnlyReadiness: true),
    ];

    private IReadOnlyList<HealthCheck> Components(IKeyValueStore storage) =>
    [
        new("scheduler", cancellationToken => _components.AskAsync(10259, cancellationToken)),
        new("controller-manager", cancellationToken => _components.AskAsync(10257, cancellationToken)),
        new("etcd-0", async cancellationToken => await CheckStorageAsync(storage, cancellationToken)),
    ];

    private static async Task<string?> CheckStorageAsync(IKeyValueStore storage, CancellationToken cancellationToken)
    {
        try
        {
            await storage.CurrentRevisionAsync(cancellationToken);
            return null;
        }
        catch (StorageException error)
        {
            return error.Message;
        }
    }
}
