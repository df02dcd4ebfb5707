
namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Pods and the templates that they are made of.</summary>
internal static class PodChecks
{
    private static readonly string[] Containers = ["containers", "initContainers"];

    /// <summary>A new pod (upstream's ValidatePodCreate).</summary>
    public static void ValidateCreate(Field pod)
    {
        Validate(pod);
        var spec = pod["spec"];
        if (spec["ephemeralContainers"].Count > 0)
        {
            spec["ephemeralContainers"].Forbidden("cannot be set on create");
        }

        if (spec["nodeName"].Text.Length > 0 && spec["schedulingGates"].Count > 0)
        {
            spec["nodeName"].Forbidden("cannot be set until all schedulingGates have been cleared");
        }

        ProfileAnnotationChecks.Validate(pod);
    }

    /// <summary>What holds for a pod at any time.</summary>
    public static void Validate(Field pod)
    {
        var spec = pod["spec"];
        PodAnnotationChecks.Validate(pod["metadata"]["annotations"], spec);
        PodSpecChecks.Validate(spec, pod["metadata"]["name"].Text);
        if (spec["serviceAccountName"].Text.Length == 0)
        {
            foreach (var source in spec["volumes"].Items.SelectMany(volume => volume["projected"]["sources"].Items))
            {
                source.ForbidAll("must not be specified when serviceAccountName is not set", "serviceAccountToken");
            }
        }

        foreach (var container in Containers.SelectMany(list => spec[list].Items))
        {
            ContainerChecks.OnlyForPod(container);
        }
    }

    /// <summary>A template of pods (upstream's ValidatePodTemplateSpec); its metadata has no path of its own there.</summary>
    public static void Template(Field template)
    {
        TemplateMetadata(template);
        PodSpecChecks.Validate(template["spec"], podName: null);
        if (template["spec"]["ephemeralContainers"].Count > 0)
        {
            template["spec"]["ephemeralContainers"].Forbidden("ephemeral containers not allowed in pod template");
        }
    }

    public static void TemplateMetadata(Field template)
    {
        var metadata = template["metadata"];
        template["labels"].With(metadata["labels"].Value).Labels();
        var annotations = template["annotations"].With(metadata["annotations"].Value);
        annotations.Annotations();
        PodAnnotationChecks.Validate(annotations, template["spec"]);
    }
}
