using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Resources.AdmissionRegistration;

internal sealed class ValidatingWebhookConfigurationStrategy : ResourceStrategy<V1ValidatingWebhookConfiguration>
{
    public override IReadOnlyList<string> Categories => ["api-extensions"];

    public override bool NamespaceScoped => false;

    public override bool AllowUnconditionalUpdate => false;

    public override bool HasGeneration => true;

    public override bool ChangesGeneration(JsonObject obj, JsonObject old) => !JsonNode.DeepEquals(obj["webhooks"], old["webhooks"]);

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Count("Webhooks", "webhooks") with { Description = "Webhooks indicates the number of webhooks registered in this configuration" },
        TableColumn.Age,
    ];

    public override void ApplyDefaults(JsonObject obj)
    {
        foreach (var webhook in obj.ObjectsAt("webhooks"))
        {
            WebhookDefaults.Apply(webhook);
        }
    }
}
