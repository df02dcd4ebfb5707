using System.Reflection;
using System.Text.Json.Nodes;

using k8s;
using k8s.Models;

namespace MiniKube.ApiServer.Tests.Resources;

public sealed class StrategyTests
{
    /// <summary>The models know them as v1, but 1.34 has them only as alpha or beta.</summary>
    private static readonly string[] Later =
    [
        "clustertrustbundles", "devicetaintrules", "mutatingadmissionpolicies", "mutatingadmissionpolicybindings", "podcertificaterequests", "storageversionmigrations",
    ];

    [Fact]
    public void Strategies_EveryStoredKindOfTheModels_HasOne()
    {
        var stored =
            from type in typeof(V1Pod).Assembly.GetTypes()
            where typeof(IKubernetesObject<V1ObjectMeta>).IsAssignableFrom(type)
            let entity = type.GetCustomAttribute<KubernetesEntityAttribute>()
            where !string.IsNullOrEmpty(entity?.PluralName) && (entity.ApiVersion == "v1" || entity is { Group: "autoscaling", ApiVersion: "v2" })
            where entity.Kind != "ComponentStatus" && !Later.Contains(entity.PluralName)
            select $"{entity.Group}/{entity.ApiVersion} {entity.PluralName}";
        var served = Strategies.All.Where(strategy => strategy.IsStored).Select(strategy => $"{strategy.Kind.Group}/{strategy.Kind.Version} {strategy.Plural}").ToList();

        // This one has no plural name in the models.
        Assert.Equal(stored.Append("resource.k8s.io/v1 resourceclaims").Distinct().Order(), served.Order());
    }

    /// <summary>Upstream's strategies that refuse a PUT without a version: those of groups that came after its first.</summary>
    [Fact]
    public void Strategies_ThatWantAVersionForAnUpdate_AreUpstreams()
    {
        string[] wanting =
        [
            "apiservices", "csidrivers", "csinodes", "csistoragecapacities", "customresourcedefinitions", "leases", "mutatingwebhookconfigurations", "poddisruptionbudgets",
            "runtimeclasses", "validatingadmissionpolicies", "validatingadmissionpolicybindings", "validatingwebhookconfigurations", "volumeattachments",
        ];

        Assert.Equal(wanting, Strategies.All.Where(strategy => strategy.IsStored && !strategy.AllowUnconditionalUpdate).Select(strategy => strategy.Plural).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Strategies_EachKind_HasATypeInTheTable() => Assert.All(Strategies.All, strategy => Assert.NotNull(strategy.Type));

    [Fact]
    public void Strategies_AnEmptyObject_IsDefaultedValidatedAndPrintedWithoutAnException()
    {
        Assert.All(Strategies.All, strategy =>
        {
            var obj = Empty(strategy);
            strategy.ApplyDefaults(obj);
            strategy.PrepareForCreate(obj);
            Assert.NotNull(strategy.Validate(obj).ToList());
            Assert.NotNull(strategy.ValidateUpdate(obj, (JsonObject)obj.DeepClone()).ToList());
            Assert.All(strategy.Columns, column => Assert.NotNull(column.Value(obj, DateTimeOffset.UnixEpoch)));
            Assert.All(strategy.SelectableFields.Values, read => Assert.NotNull(read(obj)));
        });
    }

    [Fact]
    public void Strategies_DefaultsTwice_AreAsOnce()
    {
        Assert.All(Strategies.All, strategy =>
        {
            var obj = Empty(strategy);
            strategy.ApplyDefaults(obj);
            var once = obj.ToJsonString();
            strategy.ApplyDefaults(obj);
            Assert.Equal(once, obj.ToJsonString());
        });
    }

    [Theory]
    [InlineData("pods", "po", "all")]
    [InlineData("services", "svc", "all")]
    [InlineData("deployments", "deploy", "all")]
    [InlineData("customresourcedefinitions", "crd,crds", "api-extensions")]
    [InlineData("configmaps", "cm", "")]
    [InlineData("leases", "", "")]
    public void Strategies_ShortNamesAndCategories_AreUpstreams(string resource, string shortNames, string categories)
    {
        var strategy = Strategies.Of(resource);

        Assert.Equal((shortNames, categories), (string.Join(',', strategy.ShortNames), string.Join(',', strategy.Categories)));
    }

    [Fact]
    public void Strategies_ClusterScopedKinds_AreUpstreams()
    {
        string[] expected =
        [
            "apiservices", "certificatesigningrequests", "clusterrolebindings", "clusterroles", "csidrivers", "csinodes",
            "customresourcedefinitions", "deviceclasses", "flowschemas", "ingressclasses", "ipaddresses",
            "mutatingwebhookconfigurations", "namespaces", "nodes",
            "persistentvolumes", "priorityclasses", "prioritylevelconfigurations", "resourceslices", "runtimeclasses", "servicecidrs",
            "storageclasses", "validatingadmissionpolicies", "validatingadmissionpolicybindings",
            "validatingwebhookconfigurations", "volumeattachments", "volumeattributesclasses",
        ];

        Assert.Equal(expected, Strategies.All.Where(strategy => strategy is { NamespaceScoped: false, IsStored: true }).Select(strategy => strategy.Plural).Order(StringComparer.Ordinal));
    }

    private static JsonObject Empty(Registry.ResourceStrategy strategy) => new()
    {
        ["apiVersion"] = strategy.Kind.ApiVersion,
        ["kind"] = strategy.Kind.Kind,
        ["metadata"] = new JsonObject { ["name"] = "a" },
    };
}
