import { type Theme, withBase } from 'vitepress';
import DefaultTheme from 'vitepress/theme-without-fonts';
import { onMounted } from 'vue';
import './style.css';

export default {
  extends: DefaultTheme,
  setup() {
    // After the page's own scripts: then what the page shows is what they expect.
    onMounted(() => import(/* @vite-ignore */ withBase('/explore/embed.js')));
  },
} satisfies Theme;
