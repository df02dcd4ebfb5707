using MiniKube.Api.Schema;

namespace MiniKube.Api.Tests.Schema;

public sealed class TypeDescriptionsTests
{
    private static readonly TypeDescriptions Descriptions = TypeDescriptions.Load();

    [Theory]
    [InlineData("core/v1", "Pod", "Pod is a collection of containers that can run on a host.")]
    [InlineData("core/v1", "Event", "Event is a report of an event somewhere in the cluster.")]
    [InlineData("autoscaling/v2", "MetricSpec", "MetricSpec specifies how to scale based on a single metric")]
    [InlineData("meta/v1", "ObjectMeta", "ObjectMeta is metadata that all persisted resources must have")]
    public void Of_Type_IsUpstreamsText(string package, string name, string start) =>
        Assert.StartsWith(start, Descriptions.Of(Type(package, name)), StringComparison.Ordinal);

    [Theory]
    [InlineData("core/v1", "PodSpec", "activeDeadlineSeconds", "Optional duration in seconds the pod may be active on the node relative to StartTime before the system")]
    [InlineData("core/v1", "Volume", "emptyDir", "emptyDir represents a temporary directory")]
    [InlineData("apiextensions/v1", "JSONSchemaProps", "default", "default is a default value for undefined object fields.")]
    [InlineData("apiextensions/v1", "JSONSchemaProps", "x-kubernetes-int-or-string", "x-kubernetes-int-or-string specifies")]
    public void Of_Field_IsUpstreamsTextInOneLineAParagraph(string package, string name, string field, string start)
    {
        var type = Type(package, name);

        Assert.StartsWith(start, Descriptions.Of(type, type.Fields[field]), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_FieldsOfStableKinds_IsNearlyAlwaysThere()
    {
        var fields = TypeGraph.BuiltIn.Kinds
            .Where(type => type.Fields.ContainsKey("metadata") && type.Package is "core/v1" or "apps/v1" or "batch/v1" or "rbac/v1" or "networking/v1")
            .SelectMany(type => type.OrderedFields.Select(field => (type, field)))
            .ToList();

        Assert.True(fields.Count(pair => Descriptions.Of(pair.type, pair.field) is not null) > fields.Count * 0.95);
    }

    private static ObjectType Type(string package, string name) =>
        TypeGraph.BuiltIn.Find(package, name) ?? throw new InvalidOperationException(name);
}
