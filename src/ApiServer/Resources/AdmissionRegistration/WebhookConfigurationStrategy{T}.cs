using System.Text.Json.Nodes;

using k8s;
using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.AdmissionRegistration;

/// <summary>Both kinds of webhooks.</summary>
internal abstract class WebhookConfigurationStrategy<T> : ResourceStrategy<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    public override IReadOnlyList<string> Categories => ["api-extensions"];

    public override bool NamespaceScoped => false;

    public override bool AllowUnconditionalUpdate => false;

    public override bool HasGeneration => true;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Count("Webhooks", "webhooks") with { Description = "Webhooks indicates the number of webhooks registered in this configuration" },
        TableColumn.Age,
    ];

    public override bool ChangesGeneration(JsonObject obj, JsonObject old) => !JsonNode.DeepEquals(obj["webhooks"], old["webhooks"]);

    public override void ApplyDefaults(JsonObject obj)
    {
        foreach (var webhook in obj.ObjectsAt("webhooks"))
        {
            webhook.SetDefault("failurePolicy", "Fail");
            webhook.SetDefault("matchPolicy", "Equivalent");
            webhook.GetOrAddObject("namespaceSelector");
            webhook.GetOrAddObject("objectSelector");
            webhook.SetDefault("timeoutSeconds", 10);
            webhook.ObjectAt("clientConfig", "service")?.SetDefault("port", 443);
            foreach (var rule in webhook.ObjectsAt("rules"))
            {
                rule.SetDefault("scope", "*");
            }
        }
    }

    public override IEnumerable<string> Warnings(JsonObject obj) => ["this server stores webhooks and does not call them"];

    public override IEnumerable<FieldError> Validate(JsonObject obj) => Field.FaultsOf(obj, configuration => WebhookChecks.Validate(configuration["webhooks"]));
}
