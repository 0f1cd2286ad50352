namespace ChitChatz.Protocol;

/// <summary>Properties of characters that .NET does not offer, from the Unicode Character Database 14.0. Hexadecimal, ranges inclusive.</summary>
internal static class CharacterTables
{
    /// <summary>Signs that take a consonant's vowel away (Canonical_Combining_Class 9): a joiner after one chooses the form.</summary>
    public static readonly CodePointSet Viramas = CodePointSet.Parse(
        """
        94D 9CD A4D ACD B4D BCD C4D CCD D3B-D3C D4D DCA E3A EBA F84 1039-103A 1714-1715 1734 17D2 1A60 1B44 1BAA-1BAB
        1BF2-1BF3 2D7F A806 A82C A8C4 A953 A9C0 AAF6 ABED 10A3F 11046 11070 1107F 110B9 11133-11134 111C0 11235 112EA 1134D
        11442 114C2 115BF 1163F 116B6 1172B 11839 1193D-1193E 119E0 11A34 11A47 11A99 11C3F 11D44-11D45 11D97
        """);

    /// <summary>Letters that join the next one (Joining_Type Dual_Joining or Left_Joining).</summary>
    public static readonly CodePointSet JoinsForward = CodePointSet.Parse(
        """
        620 626 628 62A-62E 633-63F 641-647 649-64A 66E-66F 678-687 69A-6BF 6C1-6C2 6CC 6CE 6D0-6D1 6FA-6FC 6FF 712-714
        71A-71D 71F-727 729 72B 72D-72E 74E-758 75C-76A 76D-770 772 775-777 77A-77F 7CA-7EA 841-845 848 84A-853 855 860
        862-865 868 886 889-88D 8A0-8A9 8AF-8B0 8B3-8B8 8BA-8C8 1807 1820-1878 1887-18A8 18AA A840-A872 10AC0-10AC4 10ACD
        10AD3-10ADC 10ADE-10AE0 10AEB-10AEE 10B80 10B82 10B86-10B88 10B8A-10B8B 10B8D 10B90 10BAD-10BAE 10D00-10D21 10D23
        10F30-10F32 10F34-10F44 10F51-10F53 10F70-10F73 10F76-10F81 10FB0 10FB2-10FB3 10FB8 10FBB-10FBC 10FBE-10FBF 10FC1
        10FC4 10FCA-10FCB 1E900-1E943
        """);

    /// <summary>Letters that join only the one before (Joining_Type Right_Joining).</summary>
    public static readonly CodePointSet JoinsBackwardOnly = CodePointSet.Parse(
        """
        622-625 627 629 62F-632 648 671-673 675-677 688-699 6C0 6C3-6CB 6CD 6CF 6D2-6D3 6D5 6EE-6EF 710 715-719 71E 728 72A
        72C 72F 74D 759-75B 76B-76C 771 773-774 778-779 840 846-847 849 854 856-858 867 869-86A 870-882 88E 8AA-8AC 8AE
        8B1-8B2 8B9 10AC5 10AC7 10AC9-10ACA 10ACE-10AD2 10ADD 10AE1 10AE4 10AEF 10B81 10B83-10B85 10B89 10B8C 10B8E-10B8F
        10B91 10BA9-10BAC 10D22 10F33 10F54 10F74-10F75 10FB4-10FB6 10FB9-10FBA 10FBD 10FC2-10FC3 10FC9
        """);

    /// <summary>Arabic letters that join none of their neighbours (Joining_Type Non_Joining): hamza, high hamza, low alef.</summary>
    public static readonly CodePointSet JoinsNothing = CodePointSet.Parse("621 674 8AD");

    /// <summary>What can be an emoji (Extended_Pictographic), with the places that Unicode keeps for later ones.</summary>
    public static readonly CodePointSet Pictographs = CodePointSet.Parse(
        """
        A9 AE 203C 2049 2122 2139 2194-2199 21A9-21AA 231A-231B 2328 2388 23CF 23E9-23F3 23F8-23FA 24C2 25AA-25AB 25B6 25C0
        25FB-25FE 2600-2605 2607-2612 2614-2685 2690-2705 2708-2712 2714 2716 271D 2721 2728 2733-2734 2744 2747 274C 274E
        2753-2755 2757 2763-2767 2795-2797 27A1 27B0 27BF 2934-2935 2B05-2B07 2B1B-2B1C 2B50 2B55 3030 303D 3297 3299
        1F000-1F0FF 1F10D-1F10F 1F12F 1F16C-1F171 1F17E-1F17F 1F18E 1F191-1F19A 1F1AD-1F1E5 1F201-1F20F 1F21A 1F22F
        1F232-1F23A 1F23C-1F23F 1F249-1F3FA 1F400-1F53D 1F546-1F64F 1F680-1F6FF 1F774-1F77F 1F7D5-1F7FF 1F80C-1F80F
        1F848-1F84F 1F85A-1F85F 1F888-1F88F 1F8AE-1F8FF 1F90C-1F93A 1F93C-1F945 1F947-1FAFF 1FC00-1FFFD
        """);

    /// <summary>Default_Ignorable_Code_Point, and three signs that show nothing either: the blank Braille pattern, the object placeholder, the null notehead.</summary>
    public static readonly CodePointSet Invisible = CodePointSet.Parse(
        """
        AD 34F 61C 115F-1160 17B4-17B5 180B-180F 200B-200F 202A-202E 2060-206F 2800 3164 FE00-FE0F FEFF FFA0 FFF0-FFF8 FFFC
        1BCA0-1BCA3 1D159 1D173-1D17A E0000-E0FFF
        """);
}
